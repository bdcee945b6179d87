/** Native dialogs in the user's language. */
// `dialog` is looked up at each call: end-to-end tests put answers in place of its functions.
import { type BrowserWindow, dialog } from 'electron';
import { formatProblem } from '@shared/problems/format';
import type { Problem } from '@shared/problems/problem';
import { formatText } from '@shared/texts/format';
import { nativeDialogTexts as texts } from '@shared/texts/menu';
import type { Locale } from '@shared/texts/text';
import type { FileDialogs } from './files/document-files';

/** Both dialogs start where the system last was. */
export function fileDialogs(window: () => BrowserWindow, locale: () => Locale): FileDialogs {
  const filters = () => [
    { name: formatText(texts.fileKind, locale()), extensions: ['loom'] },
    { name: formatText(texts.allFiles, locale()), extensions: ['*'] },
  ];
  return {
    async chooseToOpen() {
      const { filePaths } = await dialog.showOpenDialog(window(), {
        properties: ['openFile'],
        filters: filters(),
      });
      return filePaths[0] ?? null;
    },
    async chooseToSave(defaultPath) {
      const chosen = await dialog.showSaveDialog(window(), { defaultPath, filters: filters() });
      return chosen.canceled || chosen.filePath === '' ? null : chosen.filePath;
    },
  };
}

/** A folder with a folder of images for each class; null when the user cancelled. */
export async function chooseImageFolder(window: BrowserWindow, locale: Locale): Promise<string | null> {
  const { filePaths } = await dialog.showOpenDialog(window, {
    title: formatText(texts.imageFolder, locale),
    properties: ['openDirectory'],
  });
  return filePaths[0] ?? null;
}

/** Where to export to: a file of that kind, or a folder that is to be made. */
export async function chooseToExport(
  window: BrowserWindow,
  defaultPath: string,
  extension: string | undefined,
  locale: Locale,
): Promise<string | null> {
  const kind = { name: extension ?? '', extensions: [(extension ?? '').slice(1)] };
  const chosen = await dialog.showSaveDialog(window, {
    title: formatText(texts.exportTo, locale),
    defaultPath,
    buttonLabel: formatText(texts.exportButton, locale),
    ...(extension !== undefined && {
      filters: [kind, { name: formatText(texts.allFiles, locale), extensions: ['*'] }],
    }),
  });
  return chosen.canceled || chosen.filePath === '' ? null : chosen.filePath;
}

/** A file of another program: its network, or weights. Extensions without their dot. */
export async function chooseToImport(
  window: BrowserWindow,
  extensions: readonly string[],
  locale: Locale,
): Promise<string | null> {
  const { filePaths } = await dialog.showOpenDialog(window, {
    title: formatText(texts.importFrom, locale),
    properties: ['openFile'],
    filters: [
      { name: formatText(texts.importKind, locale), extensions: [...extensions] },
      { name: formatText(texts.allFiles, locale), extensions: ['*'] },
    ],
  });
  return filePaths[0] ?? null;
}

/** For a window whose page does not answer; true to close it and lose the changes. */
export async function askToCloseUnresponsive(window: BrowserWindow, locale: Locale): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message: formatText(texts.notResponding, locale),
    detail: formatText(texts.notRespondingDetail, locale),
    buttons: [formatText(texts.closeAnyway, locale), formatText(texts.keepWaiting, locale)],
    defaultId: 1,
    cancelId: 1,
  });
  return response === 0;
}

/** After the page's process has gone; true to reload, false to quit. */
export async function askToReload(window: BrowserWindow, reason: string, locale: Locale): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: formatText(texts.pageGone, locale, { reason }),
    detail: formatText(texts.pageGoneDetail, locale),
    buttons: [formatText(texts.reload, locale), formatText(texts.quit, locale)],
    defaultId: 0,
    cancelId: 0,
  });
  return response === 0;
}

/** A file named outside the page could not be read. */
export async function showOpenProblem(
  window: BrowserWindow,
  problem: Problem,
  locale: Locale,
): Promise<void> {
  const { message, hint } = formatProblem(problem, locale);
  await dialog.showMessageBox(window, {
    type: 'error',
    title: formatText(texts.cannotOpen, locale),
    message,
    detail: hint,
  });
}
