// npm run package: the unpacked app of this platform in dist/; arguments choose other targets of electron-builder.
import { pathToFileURL } from 'node:url';
import { bootstrapOrExplain } from './bootstrap.mjs';

/** @param {string[]} targets arguments of electron-builder @returns {Promise<boolean>} */
export async function makePackage(targets) {
  const { buildIfStale, electron, runNodeHere, tool } = await import('./tools.mjs');
  if (!(await buildIfStale())) return false;
  const { folder, version } = electron();
  const runtime = [`-c.electronDist=${folder}`, `-c.electronVersion=${version}`];
  const config = ['--config', 'electron-builder.config.mjs', '--publish', 'never'];
  return (await runNodeHere([tool('electron-builder'), ...targets, ...config, ...runtime])) === 0;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const targets = process.argv.length > 2 ? process.argv.slice(2) : ['--dir'];
  process.exitCode = (await bootstrapOrExplain()) && (await makePackage(targets)) ? 0 : 1;
}
