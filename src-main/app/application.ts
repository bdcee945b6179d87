/** The running app: one window, its files, its engines and its menu, put together. */
import { join } from 'node:path';
import {
  app,
  type BrowserWindow,
  type IpcMainInvokeEvent,
  ipcMain,
  Menu,
  MessageChannelMain,
  type MessagePortMain,
  session,
  shell,
} from 'electron';
import { datasets } from '@shared/datasets';
import {
  appContract,
  type AppContract,
  type Preferences,
  type WeightsSource,
} from '@shared/ipc/app.contract';
import { channels } from '@shared/ipc/bridge';
import { type Problem, problem } from '@shared/problems/problem';
import { failure, type Result, success } from '@shared/util/result';
import { ClosingGuard } from './closing';
import { routeCommand } from './edit-commands';
import { chosenFoldersFile, configureEngine, datasetDirectories } from './engine-configuration';
import { EnginePool } from './engine-pool';
import { forkEngine } from './engine-process';
import { forkExportEngine } from './exports/export-engine';
import { Exports } from './exports/exports';
import { ChosenFolders } from './files/chosen-folders';
import { DocumentFiles } from './files/document-files';
import { RecentFiles } from './files/recent-files';
import { appHandlers, type AppServices } from './handlers';
import { Imports } from './imports/imports';
import { type Emit, serveCalls } from './ipc';
import { lockSession, lockWebContents } from './lockdown';
import { log } from './log';
import { menuTemplate } from './menu';
import {
  askToCloseUnresponsive,
  askToReload,
  chooseImageFolder,
  chooseToExport,
  chooseToImport,
  fileDialogs,
  showOpenProblem,
} from './native-dialogs';
import { isPageAlive } from './page-health';
import { defaultPreferences, readPreferences, writePreferences } from './preferences';
import { serveAssets } from './scheme';
import { isTrustedSender } from './sender';
import { applyTheme, openWindow, showDocumentState } from './window';

/** The spare engine starts this long after the window has shown, and after another was handed out, in ms. */
const FIRST_SPARE_DELAY = 1000;
const NEXT_SPARE_DELAY = 3000;

export interface Application {
  focus(): void;
  /** Opens a file that the user named outside the page. */
  openFile(path: string): void;
}

/** `outMain` is the folder of the built main process; `file` comes from the command line. */
export function startApplication(outMain: string, file: string | undefined): Application {
  const application = new LayerloomApplication(outMain, file);
  return { focus: () => application.focus(), openFile: (path) => void application.openFile(path) };
}

class LayerloomApplication {
  readonly #outMain: string;
  readonly #devServer = app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL'];
  readonly #resources = app.isPackaged ? process.resourcesPath : undefined;
  readonly #userData = app.getPath('userData');
  readonly #preferencesFile = join(this.#userData, 'preferences.json');
  readonly #recent = new RecentFiles(join(this.#userData, 'recent.json'));
  readonly #files = new DocumentFiles(
    this.#recent,
    fileDialogs(
      () => this.#window,
      () => this.#preferences.locale,
    ),
  );
  readonly #chosenFolders = new ChosenFolders(chosenFoldersFile(this.#userData), () =>
    chooseImageFolder(this.#window, this.#preferences.locale),
  );
  readonly #pool = this.#createPool();
  /** Run folders by engine, for exports of what they trained. */
  readonly #runFolders = new Map<number, string | null>();
  readonly #exports = this.#createExports();
  readonly #imports = this.#createImports();
  readonly #guard = this.#createGuard();
  readonly #window: BrowserWindow;
  #preferences: Preferences;
  #fileArgument: string | undefined;

  constructor(outMain: string, file: string | undefined) {
    this.#outMain = outMain;
    this.#fileArgument = file;
    this.#preferences = readPreferences(
      this.#preferencesFile,
      defaultPreferences(app.getPreferredSystemLanguages()),
    );
    serveAssets(join(outMain, '../renderer'));
    lockSession(session.defaultSession);
    app.on('web-contents-created', (_event, contents) => lockWebContents(contents, this.#devServer));
    app.on('will-quit', () => {
      this.#pool.close();
      this.#exports.close();
      this.#imports.close();
    });
    serveCalls(ipcMain, appContract, appHandlers(this.#services()), (event) => this.#isTrusted(event));
    this.#window = openWindow({
      preload: join(outMain, '../preload/preload.cjs'),
      theme: this.#preferences.theme,
      devServer: this.#devServer,
    });
    this.#watchWindow();
    this.#showMenu();
  }

  focus(): void {
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.focus();
  }

  async openFile(path: string): Promise<void> {
    const opened = await this.#files.openChosen(path);
    if (opened.ok) this.#emit('fileOpened', opened.value);
    else await showOpenProblem(this.#window, opened.error, this.#preferences.locale);
  }

  readonly #emit: Emit<AppContract> = (name, payload) => {
    if (!this.#window.isDestroyed()) this.#window.webContents.send(channels.event, name, payload);
  };

  #isTrusted(event: IpcMainInvokeEvent): boolean {
    const frame = event.senderFrame;
    const sender = {
      isOwnWindow: event.sender === this.#window.webContents,
      isMainFrame: frame !== null && frame.parent === null,
      url: frame?.url ?? '',
    };
    return isTrustedSender(sender, this.#devServer);
  }

  #watchWindow(): void {
    const { webContents } = this.#window;
    this.#window.on('close', (event) => {
      if (!this.#guard.mayClose()) event.preventDefault();
    });
    this.#window.once('show', () => this.#pool.warmLater(FIRST_SPARE_DELAY));
    webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
      if (reason === 'clean-exit') return;
      log.error(`The page's process has gone: ${reason}, exit code ${exitCode}`);
      void this.#recover(reason);
    });
  }

  /** The page is gone and its document with it: end what it ran, and offer a new one. */
  async #recover(reason: string): Promise<void> {
    this.#guard.setDirty(false);
    this.#pool.endLive();
    if (await askToReload(this.#window, reason, this.#preferences.locale)) this.#window.webContents.reload();
    else this.#window.destroy();
  }

  #showMenu(): void {
    const template = menuTemplate({
      locale: this.#preferences.locale,
      platform: process.platform,
      isDevelopment: !app.isPackaged,
      onCommand: (command) =>
        void routeCommand(this.#window.webContents, command, () => this.#emit('menuCommand', { command })),
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }

  #createGuard(): ClosingGuard {
    return new ClosingGuard({
      isPageAlive: () => isPageAlive(this.#window.webContents),
      askInPage: () => this.#emit('closeRequested', {}),
      askNatively: () => askToCloseUnresponsive(this.#window, this.#preferences.locale),
      close: () => this.#window.destroy(),
    });
  }

  #createPool(): EnginePool<MessagePortMain> {
    return new EnginePool({
      fork: () =>
        forkEngine(join(this.#outMain, 'engine.js'), (text) => log.info(`engine: ${text.trimEnd()}`)),
      onExit: (exit) => {
        log.info(
          `Engine ${exit.engine} ended: ${exit.exitCode}, ${exit.isExpected ? 'expected' : 'unexpected'}`,
        );
        this.#emit('engineExited', exit);
      },
      spareDelay: NEXT_SPARE_DELAY,
    });
  }

  #createExports(): Exports {
    return new Exports({
      choose: (name, extension) => chooseToExport(this.#window, name, extension, this.#preferences.locale),
      openEngine: (configuration) =>
        forkExportEngine(join(this.#outMain, 'engine.js'), configuration, (text) =>
          log.info(`export: ${text.trimEnd()}`),
        ),
      runFolder: (engine) => this.#runFolders.get(engine) ?? undefined,
      datasetDirectories: () => datasetDirectories(this.#resources),
      chosenFolders: chosenFoldersFile(this.#userData),
      locale: () => this.#preferences.locale,
      onProgress: (progress) => this.#emit('exportProgress', progress),
      reveal: (path) => shell.showItemInFolder(path),
    });
  }

  #createImports(): Imports {
    return new Imports({
      choose: (extensions) => chooseToImport(this.#window, extensions, this.#preferences.locale),
      openEngine: (configuration) =>
        forkExportEngine(join(this.#outMain, 'engine.js'), configuration, (text) =>
          log.info(`import: ${text.trimEnd()}`),
        ),
      datasetDirectories: () => datasetDirectories(this.#resources),
      chosenFolders: chosenFoldersFile(this.#userData),
    });
  }

  #weightsPath(weights: WeightsSource): string | undefined {
    if (weights.kind === 'import') return this.#imports.pathOf(weights.id);
    return this.#runFolders.get(weights.engine) ?? undefined;
  }

  #openEngine(weights?: WeightsSource): Result<{ engine: number }, Problem> {
    const weightsFrom = weights && this.#weightsPath(weights);
    if (weights !== undefined && weightsFrom === undefined) return failure(problem('run/nothing-trained'));
    const { port1, port2 } = new MessageChannelMain();
    const configure = (engine: number) => {
      const configuration = configureEngine(this.#userData, this.#resources, engine);
      this.#runFolders.set(engine, configuration.runDirectory);
      return { ...configuration, ...(weightsFrom !== undefined && { weightsFrom }) };
    };
    const engine = this.#pool.open(configure, port1);
    this.#window.webContents.postMessage(channels.enginePort, engine, [port2]);
    return success({ engine });
  }

  async #storePreferences(value: Preferences) {
    this.#preferences = value;
    applyTheme(value.theme, this.#window);
    this.#showMenu();
    return writePreferences(this.#preferencesFile, value);
  }

  #services(): AppServices {
    return {
      version: app.getVersion(),
      platform: process.platform,
      files: this.#files,
      recent: this.#recent,
      chosenFolders: this.#chosenFolders,
      preferences: () => this.#preferences,
      setPreferences: (value) => this.#storePreferences(value),
      datasets: () => {
        const present = datasetDirectories(this.#resources);
        return datasets.map(({ id }) => ({ id, isPresent: Object.hasOwn(present, id) }));
      },
      takeFileArgument: () => {
        const path = this.#fileArgument;
        this.#fileArgument = undefined;
        return path;
      },
      setDocumentState: (name, isDirty) => {
        this.#guard.setDirty(isDirty);
        showDocumentState(this.#window, name, isDirty);
      },
      closeWindow: () => this.#window.destroy(),
      openEngine: (weights) => this.#openEngine(weights),
      endEngine: (engine) => this.#pool.end(engine),
      exports: this.#exports,
      imports: this.#imports,
    };
  }
}
