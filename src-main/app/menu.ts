/** The native menu in the user's language; what it asks of the window are the contract's menu commands. */
import type { MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '@shared/ipc/app.contract';
import { actionTexts } from '@shared/texts/actions';
import { formatText } from '@shared/texts/format';
import { menuTexts } from '@shared/texts/menu';
import type { Locale } from '@shared/texts/text';

export interface MenuOptions {
  readonly locale: Locale;
  readonly platform: NodeJS.Platform;
  /** Adds the developer tools. */
  readonly isDevelopment: boolean;
  onCommand(command: MenuCommand): void;
}

type Item = MenuItemConstructorOptions;
const separator: Item = { type: 'separator' };

/** The page's own keys (src-renderer/actions), as Electron writes them. */
const accelerators: Readonly<Partial<Record<MenuCommand, string>>> = {
  'file.new': 'CmdOrCtrl+N',
  'file.open': 'CmdOrCtrl+O',
  'file.save': 'CmdOrCtrl+S',
  'file.saveAs': 'CmdOrCtrl+Shift+S',
  'file.import': 'CmdOrCtrl+I',
  'file.export': 'CmdOrCtrl+E',
  'file.close': 'CmdOrCtrl+W',
  'edit.undo': 'CmdOrCtrl+Z',
  'edit.redo': 'CmdOrCtrl+Shift+Z',
  'edit.cut': 'CmdOrCtrl+X',
  'edit.copy': 'CmdOrCtrl+C',
  'edit.paste': 'CmdOrCtrl+V',
  'edit.duplicate': 'CmdOrCtrl+D',
  'edit.selectAll': 'CmdOrCtrl+A',
  'view.zoomIn': 'CmdOrCtrl+=',
  'view.zoomOut': 'CmdOrCtrl+-',
  'view.fit': 'CmdOrCtrl+0',
  'view.arrange': 'CmdOrCtrl+Shift+L',
  'run.start': 'CmdOrCtrl+Enter',
  'run.stop': 'CmdOrCtrl+.',
  'help.shortcuts': 'F1',
};

type MenuText = (key: keyof typeof menuTexts) => string;
type CommandItems = (...commands: (MenuCommand | null)[]) => Item[];

/** The whole menu bar. */
export function menuTemplate(options: MenuOptions): Item[] {
  const isMac = options.platform === 'darwin';
  const text: MenuText = (key) => formatText(menuTexts[key], options.locale);
  const commands = commandItems(options, isMac);
  const about: Item = { role: 'about', label: text('about') };
  const quit: Item = { role: 'quit', label: text('quit') };
  return [
    ...(isMac ? [applicationMenu(text, about, quit)] : []),
    {
      label: text('file'),
      submenu: [
        ...commands(
          'file.new',
          'file.open',
          null,
          'file.save',
          'file.saveAs',
          null,
          'file.import',
          'file.export',
          null,
          'file.close',
        ),
        ...(isMac ? [] : [quit]),
      ],
    },
    editMenu(text, commands),
    viewMenu(text, commands, options.isDevelopment),
    { label: text('run'), submenu: commands('run.start', 'run.stop') },
    ...(isMac ? [windowMenu(text)] : []),
    {
      label: text('help'),
      role: 'help',
      submenu: [...commands('help.shortcuts'), ...(isMac ? [] : [about])],
    },
  ];
}

function editMenu(text: MenuText, commands: CommandItems): Item {
  return {
    label: text('edit'),
    submenu: [
      ...commands('edit.undo', 'edit.redo', null),
      ...commands('edit.cut', 'edit.copy', 'edit.paste', 'edit.duplicate', 'edit.delete', null),
      ...commands('edit.selectAll'),
    ],
  };
}

function viewMenu(text: MenuText, commands: CommandItems, isDevelopment: boolean): Item {
  const developer: Item[] = [separator, { role: 'toggleDevTools', label: text('developerTools') }];
  return {
    label: text('view'),
    submenu: [
      ...commands('view.zoomIn', 'view.zoomOut', 'view.fit', null, 'view.arrange', null),
      { role: 'togglefullscreen', label: text('fullScreen') },
      ...(isDevelopment ? developer : []),
    ],
  };
}

/**
 * Elsewhere than on macOS the accelerators are only shown: the page hears the keys itself, and knows whether a text
 * field has the focus. macOS always registers them; there the page is asked first, and the menu only gets what it left.
 */
function commandItems(options: MenuOptions, isMac: boolean): CommandItems {
  return (...commands) =>
    commands.map((command) => {
      if (command === null) return separator;
      const accelerator = accelerators[command];
      return {
        id: command,
        label: formatText(actionTexts[command], options.locale),
        registerAccelerator: isMac,
        click: () => options.onCommand(command),
        ...(accelerator === undefined ? {} : { accelerator }),
      };
    });
}

function applicationMenu(text: MenuText, about: Item, quit: Item): Item {
  return {
    label: 'Layerloom',
    submenu: [
      about,
      separator,
      { role: 'hide', label: text('hide') },
      { role: 'hideOthers', label: text('hideOthers') },
      { role: 'unhide', label: text('showAll') },
      separator,
      quit,
    ],
  };
}

function windowMenu(text: MenuText): Item {
  return {
    label: text('window'),
    role: 'window',
    submenu: [
      { role: 'minimize', label: text('minimize') },
      { role: 'zoom', label: text('zoomWindow') },
    ],
  };
}
