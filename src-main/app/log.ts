/** The app's log file, in the user's data folder: what a user sends with a report. */
import { join } from 'node:path';
import log from 'electron-log/main';

/** Starts logging to `<folder>/main.log`, at most 1 MiB and one older file; the console hears warnings. */
export function startLog(folder: string): void {
  log.transports.file.resolvePathFn = () => join(folder, 'main.log');
  log.transports.file.maxSize = 1 << 20;
  log.transports.file.level = 'info';
  log.transports.console.level = 'warn';
}

export { log };
