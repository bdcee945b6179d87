/** The app run by somebody who is not root: the runtime and the built app, copied to where that user may read them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, chown, copyFile, cp, link, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { environment, repository, runtime } from './launch';

/** A user that no account belongs to; when the tests do not run as root, they are that user themselves. */
const THROW_AWAY_USER = 54_321;

export interface OtherUser {
  /** Starts the app as that user with these switches. */
  start(...switches: string[]): StartedProgram;
  remove(): Promise<void>;
}

export interface StartedProgram {
  readonly process: ChildProcess;
  /** What it has written to standard error so far. */
  error(): string;
  readonly ended: Promise<number | null>;
}

export async function prepareOtherUser(): Promise<OtherUser> {
  const root = await mkdtemp(join(tmpdir(), 'layerloom-other-user-'));
  const isRoot = process.getuid?.() === 0;
  const home = join(root, 'home');
  await chmod(root, 0o755);
  await linkTree(dirname(runtime()), join(root, 'runtime'));
  await copyApp(join(root, 'app'));
  await mkdir(home);
  const display = await copyDisplayRights(home);
  if (isRoot) {
    await useSetuidHelper(join(root, 'runtime', 'chrome-sandbox'));
    for (const path of [home, ...readdirSync(home).map((name) => join(home, name))]) {
      await chown(path, THROW_AWAY_USER, THROW_AWAY_USER);
    }
  }
  const env = {
    ...environment(),
    ...display,
    ...{ HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home, XDG_RUNTIME_DIR: home, TMPDIR: home },
    ...{ LANG: 'en_US.UTF-8', LAYERLOOM_USER_DATA: join(home, 'user') },
  };
  const identity = isRoot ? { uid: THROW_AWAY_USER, gid: THROW_AWAY_USER } : {};
  const executable = join(root, 'runtime', basename(runtime()));
  return {
    start: (...switches) =>
      watch(spawn(executable, [...switches, join(root, 'app')], { cwd: home, env, ...identity })),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** Keeps what a process writes to standard error. */
export function watch(child: ChildProcess): StartedProgram {
  let written = '';
  child.stdout?.resume();
  child.stderr?.on('data', (chunk: Buffer) => (written += chunk.toString('utf8')));
  const ended = new Promise<number | null>((done) => child.once('close', done));
  return { process: child, error: () => written, ended };
}

/** The main process and the page need one package at run time; TensorFlow is the engine's affair. */
async function copyApp(target: string): Promise<void> {
  await mkdir(target);
  await cp(join(repository, 'out'), join(target, 'out'), { recursive: true });
  await copyFile(join(repository, 'package.json'), join(target, 'package.json'));
  const log = join('node_modules', 'electron-log');
  await cp(join(repository, log), join(target, log), { recursive: true, dereference: true });
}

/** Hard links where the disk is the same: the runtime is large. */
async function linkTree(source: string, target: string): Promise<void> {
  await mkdir(target);
  for (const entry of await readdir(source, { withFileTypes: true })) {
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    if (entry.isDirectory()) await linkTree(from, to);
    else await link(from, to).catch(() => copyFile(from, to));
  }
}

/** Where the kernel gives no namespaces to users, Chromium's helper does it, if it belongs to root with its bit set. */
async function useSetuidHelper(helper: string): Promise<void> {
  if (!existsSync(helper)) return;
  // A copy of its own: the linked file is the cache's.
  const bytes = readFileSync(helper);
  await rm(helper);
  await writeFile(helper, bytes);
  await chown(helper, 0, 0);
  await chmod(helper, 0o4755);
}

/** The right to open windows on this display lies in a file that only its owner may read. */
async function copyDisplayRights(home: string): Promise<Record<string, string>> {
  const rights = process.env['XAUTHORITY'];
  if (!rights || !existsSync(rights)) return {};
  const copy = join(home, 'display-rights');
  await copyFile(rights, copy);
  return { XAUTHORITY: copy };
}

/** Process ids by kind of Chromium process (`renderer`, `utility`, ...) of the program started from `executable`. */
export function processesOf(program: ChildProcess, type: string): number[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return all
    .filter((pid) => {
      const line = readProcess(pid, 'cmdline');
      return line.startsWith(program.spawnfile) && line.includes(`--type=${type}`);
    })
    .map(Number);
}

/** A field of /proc/PID/status; undefined once the process is gone. */
export function statusOf(pid: number, field: string): string | undefined {
  return new RegExp(`^${field}:\\s*(.*)$`, 'm').exec(readProcess(String(pid), 'status'))?.[1];
}

function readProcess(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
