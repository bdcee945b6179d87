// Bundles TypeScript that imports the core, for Node or for a page: the core's registries are globs of Vite.
import { join } from 'node:path';
import { build } from 'vite';
import { inRepository, repository } from '../../bootstrap/paths.mjs';

/** @param {string} entry from the repository's folder @param {string} folder @param {'es' | 'iife'} format @returns {Promise<string>} the file */
async function bundle(entry, folder, format) {
  const name = format === 'es' ? 'bundle.mjs' : 'bundle.js';
  await build({
    configFile: false,
    root: repository,
    logLevel: 'error',
    resolve: { alias: { '@shared': inRepository('src-shared') } },
    build: {
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      lib: {
        entry: inRepository(...entry.split('/')),
        name: 'bundled',
        formats: [format],
        fileName: () => name,
      },
      rolldownOptions: { external: [/^node:/] },
    },
  });
  return join(folder, name);
}

/** @param {string} entry @param {string} folder */
export const bundleForNode = (entry, folder) => bundle(entry, folder, 'es');

/** Its exports become those of the global `bundled`. @param {string} entry @param {string} folder */
export const bundleForPage = (entry, folder) => bundle(entry, folder, 'iife');
