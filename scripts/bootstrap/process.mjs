// Running other programs and talking to the person at the terminal.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Prints one line of progress. @param {string} text */
export function say(text) {
  process.stdout.write(`bootstrap: ${text}\n`);
}

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]   added to this process's environment
 * @property {number} [timeoutMs]        the program is killed after this long
 * @property {boolean} [show]            pass its output through instead of collecting it
 */

/**
 * Runs a program to its end; never throws. `code` is null when it could not start, was killed or timed out.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{code: number | null, output: string}>}
 */
export function run(command, args, { cwd, env, timeoutMs, show = false } = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, {
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...process.env, ...env },
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs, killSignal: 'SIGKILL' }),
    });
    let output = '';
    child.stdout?.on('data', (bytes) => (output += String(bytes)));
    child.stderr?.on('data', (bytes) => (output += String(bytes)));
    child.on('error', (error) => done({ code: null, output: output + error.message }));
    child.on('close', (code) => done({ code, output }));
  });
}

/** Runs a Node script with this Node. @param {string[]} args @param {RunOptions} [options] */
export const runNode = (args, options) => run(process.execPath, args, options);

/** npm's own script: the npm that started us, else the one beside this Node. */
function npmScript() {
  const started = process.env['npm_execpath'];
  const prefix = dirname(process.execPath);
  const candidates = [
    ...(started?.endsWith('npm-cli.js') ? [started] : []),
    join(prefix, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(prefix, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  return candidates.find((file) => existsSync(file));
}

/** Runs npm; on Windows `npm` is a script that cannot be spawned, so it runs through Node where it is found.
 * @param {string[]} args @param {RunOptions} [options] */
export function runNpm(args, options) {
  const script = npmScript();
  // npm's own patience (minutes per package) hides a registry that refuses.
  const patience = ['--fetch-retries=2', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];
  const quiet = ['--no-audit', '--no-fund', '--fetch-timeout=60000', ...patience];
  return script ? runNode([script, ...args, ...quiet], options) : run('npm', [...args, ...quiet], options);
}

/** Lines that say where to read more instead of what went wrong. */
const EMPTY_TALK =
  /^$|complete log of this run|proxy' config|node-pre-gyp ERR! (not ok|node|System|command|cwd|stack)|^\s+at /;

/** Lines that name the reason, where a program prints them among many others. */
const REASON = /request to \S+ failed|ENOTFOUND|ECONN|ETIMEDOUT|E404|EINTEGRITY|ENOSPC|EACCES/;

/** What went wrong, out of a program's output, for a message. @param {string} output */
export function tail(output) {
  const telling = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => !EMPTY_TALK.test(line));
  const reason = telling.find((line) => REASON.test(line));
  return (reason ?? telling.slice(-3).join(' | ')).slice(0, 400);
}
