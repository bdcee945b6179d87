/** Entry of the main process: what must happen before Electron is ready, then the application. */
import { join, resolve } from 'node:path';
import { app } from 'electron';
import { z } from 'zod';
import { formatText } from '@shared/texts/format';
import { pickLocale } from '@shared/texts/locale';
import { type Application, startApplication } from './application';
import { fileArgument } from './file-argument';
import { log, startLog } from './log';
import { judgeSandbox } from './sandbox';
import { registerScheme } from './scheme';

/** What a second instance tells the first before it ends. */
const secondInstance = z.object({ file: z.string().nullable() });

const file = fileArgument(process.argv, process.cwd(), app.getAppPath());

if (maySandbox()) start();
else app.exit(2);

/** Says on standard error where the sandbox is off. */
function maySandbox(): boolean {
  const verdict = judgeSandbox(app.commandLine.hasSwitch('no-sandbox'), process.getuid?.());
  if (verdict.message) {
    const language = pickLocale([process.env['LC_ALL'] ?? process.env['LANG'] ?? '']);
    process.stderr.write(`${formatText(verdict.message, language)}\n`);
  }
  return verdict.mayRun;
}

function start(): void {
  const userData = process.env['LAYERLOOM_USER_DATA'];
  // Before the lock: it lies in that folder, and tests run beside the user's own window.
  if (userData) app.setPath('userData', resolve(userData));
  if (!app.requestSingleInstanceLock({ file: file ?? null })) {
    app.quit();
    return;
  }
  startLog(join(app.getPath('userData'), 'logs'));
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  registerScheme();
  let application: Application | undefined;
  let early = file;
  // macOS names files by this event, before the app is ready when it was started by one.
  app.on('open-file', (event, path) => {
    event.preventDefault();
    if (application) application.openFile(path);
    else early = path;
  });
  app.on('second-instance', (_event, _argv, _directory, data) => {
    const named = secondInstance.safeParse(data);
    application?.focus();
    if (named.success && named.data.file !== null) application?.openFile(named.data.file);
  });
  app.on('window-all-closed', () => app.quit());
  void app.whenReady().then(() => {
    application = startApplication(import.meta.dirname, early);
    log.info(`Layerloom ${app.getVersion()}, Electron ${process.versions.electron}, ${process.platform}`);
  });
}
