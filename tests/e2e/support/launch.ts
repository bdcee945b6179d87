/** Starts the built app in the real Electron, each time with a user folder of its own. */
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';

export const repository = resolve(import.meta.dirname, '../../..');

export interface LaunchOptions {
  /** Arguments after the app's folder, such as a file to open. */
  readonly args?: readonly string[];
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** A user folder to go on with; a fresh one, removed on closing, when left out. */
  readonly userData?: string;
  /** The packaged program instead of the built app in the repository's runtime. */
  readonly executable?: string;
}

export interface LaunchedApp {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly userData: string;
  readonly program: ChildProcess;
  /** Ends the app whatever it is doing; unsaved changes are not asked about. */
  close(): Promise<void>;
}

/** Starts the app and waits for its page to load. */
export async function launchApp(options: LaunchOptions = {}): Promise<LaunchedApp> {
  const userData = options.userData ?? (await mkdtemp(join(tmpdir(), 'layerloom-user-')));
  const app = await launchOnce({
    ...(options.executable === undefined ? {} : { executablePath: options.executable }),
    args: [
      ...rootSwitches(),
      ...(options.executable === undefined ? [repository] : []),
      ...(options.args ?? []),
    ],
    cwd: repository,
    // Playwright's own default would hide what the app makes of the user's preference.
    colorScheme: null,
    env: { ...environment(), LANG: 'en_US.UTF-8', LAYERLOOM_USER_DATA: userData, ...options.env },
  });
  const page = await app.firstWindow();
  await page.waitForLoadState('load');
  const program = app.process();
  const close = async (): Promise<void> => {
    await endApp(app, program);
    if (options.userData === undefined) await rm(userData, { recursive: true, force: true });
  };
  return { app, page, userData, program, close };
}

type Launch = NonNullable<Parameters<typeof _electron.launch>[0]>;

/**
 * Named by path, the program starts without the module by which Playwright holds `ready` back, and one launch in forty
 * hangs: so the runtime is left for Playwright to find (ELECTRON_OVERRIDE_DIST_PATH), and a packaged program, which
 * has only a path, gets a second chance.
 */
async function launchOnce(launch: Launch): Promise<ElectronApplication> {
  if (launch.executablePath === undefined) return _electron.launch(launch);
  return _electron.launch({ ...launch, timeout: 30_000 }).catch(() => _electron.launch(launch));
}

/** The Electron that the bootstrap found: `npm test` names it. */
export function runtime(): string {
  const path = process.env['ELECTRON_EXEC_PATH'];
  if (!path) throw new Error('ELECTRON_EXEC_PATH names no Electron; run the end-to-end tests with npm test.');
  return path;
}

/** Chromium refuses to run as root with its sandbox. */
export function rootSwitches(): string[] {
  return process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}

/** This process's environment without what is undefined. */
export function environment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

async function endApp(app: ElectronApplication, program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const ended = new Promise((done) => program.once('exit', done));
  // `app.quit()` would wait for the question about unsaved changes.
  await app.evaluate(({ app: electronApp }) => electronApp.exit(0)).catch(() => undefined);
  await ended;
}

/** Puts answers in place of the native dialogs, which no test can click. */
export async function answerDialogs(
  app: ElectronApplication,
  answers: { open?: string | null; save?: string | null; messageBox?: number },
): Promise<void> {
  await app.evaluate(({ dialog }, { open, save, messageBox }) => {
    const { open: path = null, save: target = null } = { open, save };
    dialog.showOpenDialog = () =>
      Promise.resolve({ canceled: path === null, filePaths: path === null ? [] : [path] });
    dialog.showSaveDialog = () => Promise.resolve({ canceled: target === null, filePath: target ?? '' });
    dialog.showMessageBox = () => Promise.resolve({ response: messageBox ?? 0, checkboxChecked: false });
  }, answers);
}
