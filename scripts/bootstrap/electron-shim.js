// The default app of a runtime that came without one: opens the app folder named by the first argument.
// An ES module with top-level await, which keeps Electron's `ready` back until the app's ESM main has loaded.
import { readFileSync } from 'node:fs';
import Module from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const require = Module.createRequire(import.meta.url);
const preloads = [];
let folder;
const given = process.argv.slice(1);
for (let i = 0; i < given.length && folder === undefined; i++) {
  if (given[i] === '-r' || given[i] === '--require') preloads.push(given[++i]);
  else if (!given[i].startsWith('-')) folder = given[i];
}
for (const preload of preloads) require(preload);

const root = resolve(folder ?? '.');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
app.setName(manifest.productName ?? manifest.name);
app.setVersion(manifest.version ?? '0.0.0');
app.setAppPath(root);
// Counted anew: Playwright's preload takes its own arguments out.
process.argv.splice(1, process.argv.indexOf(folder), root);
const main = join(root, manifest.main ?? 'index.js');
if (manifest.type === 'module' || main.endsWith('.mjs')) await import(pathToFileURL(main).href);
else require(main);
