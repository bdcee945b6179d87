// npm run bench [NAME...] [-- OPTIONS]: runs the programs in scripts/bench/, all or those named, on the built app.
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { bootstrapOrExplain } from './bootstrap.mjs';
import { inRepository } from './bootstrap/paths.mjs';

/** The program that options are for where no name is given. */
const USUAL = 'networks';
/** Programs that take options. */
const WITH_OPTIONS = [USUAL, 'profile'];
/** Programs that open windows. */
const ON_SCREEN = ['app', 'canvas', 'compiler', 'first-metric'];

/** @returns {Promise<number>} exit code, the worst of all programs */
async function bench() {
  if (!(await bootstrapOrExplain())) return 1;
  const { buildIfStale, electron, hasScreen, runNodeHere, runOnScreen } = await import('./tools.mjs');
  if (!(await buildIfStale())) return 1;
  const programs = readdirSync(inRepository('scripts', 'bench')).filter((name) => name.endsWith('.mjs'));
  const all = programs.map((name) => basename(name, '.mjs'));
  const { names, options } = requestOf(process.argv.slice(2));
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length > 0) {
    console.error(`There is no benchmark ${unknown.join(', ')}; there are ${all.join(', ')}.`);
    return 2;
  }
  let worst = 0;
  for (const name of names.length > 0 ? names : all) {
    const program = [inRepository('scripts', 'bench', `${name}.mjs`)];
    if (!ON_SCREEN.includes(name)) {
      worst = Math.max(
        worst,
        await runNodeHere([...program, ...(WITH_OPTIONS.includes(name) ? options : [])]),
      );
    } else if (hasScreen()) {
      worst = Math.max(worst, await runOnScreen(program, electron().environment));
    } else {
      console.log(`${name}: not measured, there is neither a display nor xvfb-run.`);
    }
  }
  return worst;
}

/** Names stand before the first option. @param {readonly string[]} args */
function requestOf(args) {
  const at = args.findIndex((arg) => arg.startsWith('-'));
  const names = at < 0 ? args : args.slice(0, at);
  const options = at < 0 ? [] : args.slice(at);
  return { names: names.length === 0 && options.length > 0 ? [USUAL] : names, options };
}

process.exitCode = await bench();
