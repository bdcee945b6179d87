// One build of five entries: main process, engine, command line, preload and renderer.
import { resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';

const inRepository = (path: string): string => resolve(import.meta.dirname, path);

const alias = { '@shared': inRepository('src-shared') };

// Set by hand: electron-vite would take the targets of the pinned Electron, but the app must also run on the
// older runtime that the bootstrap falls back to (docs/decisions.md, "Electron version").
const nodeTarget = 'node20';
const pageTarget = 'chrome130';

export default defineConfig({
  main: {
    resolve: { alias },
    build: {
      target: nodeTarget,
      outDir: 'out/main',
      sourcemap: true,
      rolldownOptions: {
        input: {
          main: inRepository('src-main/app/main.ts'),
          engine: inRepository('src-main/engine/engine.ts'),
          'image-worker': inRepository('src-main/engine/data/folder/image-worker.ts'),
          cli: inRepository('src-main/cli/cli.ts'),
        },
      },
    },
  },
  preload: {
    resolve: { alias },
    build: {
      target: nodeTarget,
      outDir: 'out/preload',
      rolldownOptions: {
        input: { preload: inRepository('src-main/preload/preload.ts') },
        // A sandboxed preload must be one CommonJS file, and under "type": "module" that means .cjs.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: inRepository('src-renderer'),
    plugins: [svelte({ configFile: inRepository('svelte.config.js') })],
    resolve: { alias },
    build: {
      target: pageTarget,
      outDir: inRepository('out/renderer'),
      minify: true,
      rolldownOptions: { input: { index: inRepository('src-renderer/index.html') } },
    },
  },
});
