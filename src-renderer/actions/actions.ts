/** All actions of the window, by id. */
import ArrowRightToLine from '@lucide/svelte/icons/arrow-right-to-line';
import Command from '@lucide/svelte/icons/command';
import Clipboard from '@lucide/svelte/icons/clipboard-paste';
import Copy from '@lucide/svelte/icons/copy';
import CopyPlus from '@lucide/svelte/icons/copy-plus';
import FileOutput from '@lucide/svelte/icons/file-output';
import FilePlus from '@lucide/svelte/icons/file-plus-2';
import FolderOpen from '@lucide/svelte/icons/folder-open';
import History from '@lucide/svelte/icons/history';
import Keyboard from '@lucide/svelte/icons/keyboard';
import Group from '@lucide/svelte/icons/group';
import Import from '@lucide/svelte/icons/import';
import Languages from '@lucide/svelte/icons/languages';
import ListTree from '@lucide/svelte/icons/list-tree';
import Maximize from '@lucide/svelte/icons/maximize';
import Maximize2 from '@lucide/svelte/icons/maximize-2';
import Minimize2 from '@lucide/svelte/icons/minimize-2';
import Pencil from '@lucide/svelte/icons/pencil';
import Play from '@lucide/svelte/icons/play';
import Plus from '@lucide/svelte/icons/plus';
import Redo from '@lucide/svelte/icons/redo-2';
import Save from '@lucide/svelte/icons/save';
import Scissors from '@lucide/svelte/icons/scissors';
import Share from '@lucide/svelte/icons/share';
import Square from '@lucide/svelte/icons/square';
import SunMoon from '@lucide/svelte/icons/sun-moon';
import Trash from '@lucide/svelte/icons/trash-2';
import Undo from '@lucide/svelte/icons/undo-2';
import Ungroup from '@lucide/svelte/icons/ungroup';
import Unplug from '@lucide/svelte/icons/unplug';
import ZoomIn from '@lucide/svelte/icons/zoom-in';
import ZoomOut from '@lucide/svelte/icons/zoom-out';
import type { AppState } from '../state/app.svelte';
import { type Action, type ActionId, defineAction } from './action';

export type Actions = ReadonlyMap<ActionId, Action>;

export function createActions(app: AppState): Actions {
  const all = [
    ...fileActions(app),
    ...historyActions(app),
    ...editActions(app),
    ...clipboardActions(app),
    ...blockActions(app),
    ...libraryActions(app),
    ...viewActions(app),
    ...runActions(app),
  ];
  return new Map(all.map((action) => [action.id, action]));
}

function fileActions(app: AppState): Action[] {
  const { files, interface: ui } = app;
  return [
    defineAction('file.new', {
      icon: FilePlus,
      shortcuts: ['Mod+N'],
      isGlobal: true,
      run: () => ui.open({ kind: 'new' }),
    }),
    defineAction('file.open', {
      icon: FolderOpen,
      shortcuts: ['Mod+O'],
      isGlobal: true,
      run: () => files.open(),
    }),
    defineAction('file.recent', { icon: History, run: () => ui.open({ kind: 'recent' }) }),
    defineAction('file.save', {
      icon: Save,
      shortcuts: ['Mod+S'],
      isGlobal: true,
      run: async () => void (await files.save()),
    }),
    defineAction('file.saveAs', {
      shortcuts: ['Mod+Shift+S'],
      isGlobal: true,
      run: async () => void (await files.save(true)),
    }),
    ...exchangeActions(app),
    defineAction('file.close', { shortcuts: ['Mod+W'], isGlobal: true, run: () => files.closeWindow() }),
  ];
}

/** From and to files of other programs. */
function exchangeActions(app: AppState): Action[] {
  return [
    defineAction('file.import', {
      icon: Import,
      shortcuts: ['Mod+I'],
      isGlobal: true,
      // Reading weights takes the engine's place.
      isEnabled: () => !app.run.isActive,
      run: () => app.openImport(),
    }),
    defineAction('file.export', {
      icon: Share,
      shortcuts: ['Mod+E'],
      isGlobal: true,
      run: () => app.openExport(),
    }),
  ];
}

function historyActions({ documents, editor }: AppState): Action[] {
  return [
    defineAction('edit.undo', {
      icon: Undo,
      shortcuts: ['Mod+Z'],
      isEnabled: () => documents.canUndo,
      run: () => editor.undo(),
    }),
    defineAction('edit.redo', {
      icon: Redo,
      shortcuts: ['Mod+Shift+Z', 'Mod+Y'],
      isEnabled: () => documents.canRedo,
      run: () => editor.redo(),
    }),
  ];
}

function editActions({ editor, selection, interface: ui, connecting }: AppState): Action[] {
  const hasOne = () => selection.only !== undefined;
  return [
    defineAction('edit.addNode', {
      icon: Plus,
      shortcuts: ['/'],
      run: () => ui.open({ kind: 'nodes', target: editor.addTarget }),
    }),
    defineAction('edit.connect', {
      icon: ArrowRightToLine,
      shortcuts: ['C'],
      isEnabled: hasOne,
      run: () => connecting.start(selection.only),
    }),
    defineAction('edit.rename', {
      icon: Pencil,
      shortcuts: ['F2'],
      isEnabled: hasOne,
      run: () => void (ui.renaming = selection.only),
    }),
    defineAction('edit.delete', {
      icon: Trash,
      shortcuts: ['Delete', 'Backspace'],
      isEnabled: () => !selection.isEmpty,
      run: () => editor.deleteSelection(),
    }),
    defineAction('edit.deleteHeal', {
      icon: Unplug,
      shortcuts: ['Ctrl+Delete', 'Ctrl+Backspace'],
      isEnabled: () => selection.nodes.size > 0,
      run: () => editor.deleteSelection(true),
    }),
  ];
}

// Copy, cut and paste have no shortcut here: the keys arrive as the page's own clipboard events.
function clipboardActions({ editor, selection, clipboard }: AppState): Action[] {
  const hasNodes = () => selection.nodes.size > 0;
  return [
    defineAction('edit.cut', { icon: Scissors, isEnabled: hasNodes, run: () => clipboard.cut() }),
    defineAction('edit.copy', { icon: Copy, isEnabled: hasNodes, run: () => clipboard.copy() }),
    defineAction('edit.paste', { icon: Clipboard, run: () => clipboard.paste() }),
    defineAction('edit.duplicate', {
      icon: CopyPlus,
      shortcuts: ['Mod+D'],
      isEnabled: hasNodes,
      run: () => editor.duplicate(),
    }),
    defineAction('edit.selectAll', { shortcuts: ['Mod+A'], run: () => editor.selectAll() }),
  ];
}

function blockActions({ blocks, selection, interface: ui }: AppState): Action[] {
  return [
    defineAction('block.open', {
      icon: Maximize2,
      shortcuts: ['Mod+ArrowDown'],
      isEnabled: () => blocks.selectedBlock !== undefined,
      run: () => blocks.openSelected(),
    }),
    defineAction('block.close', {
      icon: Minimize2,
      shortcuts: ['Mod+ArrowUp'],
      isEnabled: () => blocks.selectedGroup !== undefined,
      run: () => blocks.closeSelected(),
    }),
    defineAction('block.make', {
      icon: Group,
      shortcuts: ['Mod+G'],
      isEnabled: () => selection.nodes.size > 0,
      run: () => ui.open({ kind: 'makeBlock' }),
    }),
    defineAction('block.unpack', {
      icon: Ungroup,
      shortcuts: ['Mod+Shift+G'],
      isEnabled: () => blocks.selectedBlock !== undefined || blocks.selectedGroup !== undefined,
      run: () => blocks.unpack(),
    }),
  ];
}

/** Those about one block concern the one whose menu is open in the palette. */
function libraryActions({ blocks, documents, library, interface: ui }: AppState): Action[] {
  const chosen = () => documents.document.blocks[blocks.chosen ?? ''];
  const hasChosen = () => chosen() !== undefined;
  const withChosen = (then: (id: string) => void | Promise<void>) => () => {
    const block = chosen();
    if (block !== undefined) return then(block.id);
  };
  return [
    defineAction('block.rename', {
      icon: Pencil,
      isEnabled: hasChosen,
      run: withChosen((block) => ui.open({ kind: 'renameBlock', block })),
    }),
    defineAction('block.remove', {
      icon: Trash,
      isEnabled: hasChosen,
      run: withChosen((block) => blocks.remove(block)),
    }),
    defineAction('block.export', {
      icon: FileOutput,
      isEnabled: hasChosen,
      run: withChosen((block) => library.write([block])),
    }),
    defineAction('block.exportAll', {
      icon: FileOutput,
      isEnabled: () => Object.keys(documents.document.blocks).length > 0,
      run: () => library.write(Object.keys(documents.document.blocks)),
    }),
    defineAction('block.import', { icon: Import, run: () => library.read() }),
  ];
}

function viewActions({ editor, preferences, interface: ui }: AppState): Action[] {
  return [
    defineAction('view.zoomIn', {
      icon: ZoomIn,
      shortcuts: ['Mod+=', 'Mod++'],
      run: () => editor.view.zoomIn(),
    }),
    defineAction('view.zoomOut', { icon: ZoomOut, shortcuts: ['Mod+-'], run: () => editor.view.zoomOut() }),
    defineAction('view.fit', { icon: Maximize, shortcuts: ['Mod+0', 'F'], run: () => editor.view.fit() }),
    defineAction('view.arrange', { icon: ListTree, shortcuts: ['Mod+Shift+L'], run: () => editor.arrange() }),
    defineAction('view.commands', {
      icon: Command,
      shortcuts: ['Mod+K', 'Mod+Shift+P'],
      isGlobal: true,
      run: () => ui.open({ kind: 'commands' }),
    }),
    defineAction('view.problems', {
      shortcuts: ['Mod+Shift+M'],
      isGlobal: true,
      run: () => ui.show('problems'),
    }),
    defineAction('view.training', { run: () => ui.show('training') }),
    defineAction('view.predictions', { run: () => ui.show('predictions') }),
    defineAction('view.language', { icon: Languages, run: () => preferences.toggleLocale() }),
    defineAction('view.theme', { icon: SunMoon, run: () => preferences.cycleTheme() }),
    defineAction('help.shortcuts', {
      icon: Keyboard,
      shortcuts: ['F1', '?'],
      run: () => ui.open({ kind: 'shortcuts' }),
    }),
  ];
}

function runActions(app: AppState): Action[] {
  const { run } = app;
  return [
    defineAction('run.start', {
      icon: Play,
      shortcuts: ['Mod+Enter'],
      isGlobal: true,
      isEnabled: () => app.startRefusal === undefined,
      run: () => app.train(),
    }),
    defineAction('run.stop', {
      icon: Square,
      shortcuts: ['Mod+.'],
      isGlobal: true,
      isEnabled: () => run.isActive && run.phase !== 'stopping',
      run: () => run.stop(),
    }),
  ];
}
