/** What the main process does for each call of the page. */
import type { AppContract, Preferences, WeightsSource } from '@shared/ipc/app.contract';
import type { Handlers } from '@shared/ipc/contract';
import type { Problem } from '@shared/problems/problem';
import { type Result, success } from '@shared/util/result';
import type { ChosenFolders } from './files/chosen-folders';
import type { DocumentFiles } from './files/document-files';
import type { Exports } from './exports/exports';
import type { Imports } from './imports/imports';
import type { RecentFiles } from './files/recent-files';

/** What the handlers need of Electron, so that they can be tested without it. */
export interface AppServices {
  readonly version: string;
  readonly platform: string;
  readonly files: DocumentFiles;
  readonly recent: RecentFiles;
  readonly chosenFolders: ChosenFolders;
  preferences(): Preferences;
  setPreferences(value: Preferences): Promise<Result<void, Problem>>;
  /** Ids of all data sets, and whether their files are on this machine. */
  datasets(): { id: string; isPresent: boolean }[];
  /** The file of the command line, for the first window that asks. */
  takeFileArgument(): string | undefined;
  setDocumentState(name: string, isDirty: boolean): void;
  closeWindow(): void;
  /** `weights` is what it may read weights from. */
  openEngine(weights?: WeightsSource): Result<{ engine: number }, Problem>;
  endEngine(engine: number): void;
  readonly exports: Pick<Exports, 'start' | 'cancel' | 'show'>;
  readonly imports: Pick<Imports, 'start'>;
}

export function appHandlers(services: AppServices): Handlers<AppContract> {
  return {
    start: async () => success(await start(services)),
    setPreferences: async (preferences) => {
      const stored = await services.setPreferences(preferences);
      return stored.ok ? success({}) : stored;
    },
    openFile: ({ content }) => services.files.openWithDialog(content),
    chooseImageFolder: () => services.chosenFolders.choose(),
    openRecent: ({ path }) => services.files.openRecent(path),
    recentFiles: async () => success(await services.recent.list()),
    saveFile: (request) => services.files.save(request),
    setDocumentState: ({ name, isDirty }) => {
      services.setDocumentState(name, isDirty);
      return success({});
    },
    closeWindow: () => {
      services.closeWindow();
      return success({});
    },
    openEngine: ({ weights }) => services.openEngine(weights),
    endEngine: ({ engine }) => {
      services.endEngine(engine);
      return success({});
    },
    importFile: (request) => services.imports.start(request),
    exportModel: (request) => services.exports.start(request),
    cancelExport: async () => {
      await services.exports.cancel();
      return success({});
    },
    showExport: ({ path }) => {
      const shown = services.exports.show(path);
      return shown.ok ? success({}) : shown;
    },
  };
}

async function start(services: AppServices) {
  const path = services.takeFileArgument();
  const opened = path === undefined ? undefined : await services.files.openChosen(path);
  return {
    preferences: services.preferences(),
    version: services.version,
    platform: services.platform,
    datasets: services.datasets(),
    ...(opened?.ok === true ? { file: opened.value } : {}),
    ...(opened?.ok === false ? { problem: opened.error } : {}),
  };
}
