// Unit tests in five projects: shared, engine, app, renderer and bootstrap.
import { resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';

const inRepository = (path: string): string => resolve(import.meta.dirname, path);

const alias = { '@shared': inRepository('src-shared') };

const nodeProject = (name: string) => ({
  resolve: { alias },
  test: { name, environment: 'node' as const, include: [`tests/${name}/**/*.test.ts`] },
});

const engine = nodeProject('engine');

export default defineConfig({
  test: {
    projects: [
      nodeProject('shared'),
      nodeProject('app'),
      nodeProject('bootstrap'),
      {
        ...engine,
        test: {
          ...engine.test,
          // TensorFlow takes all cores and much memory, and an abort must not take other tests with it.
          pool: 'forks' as const,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        plugins: [svelte({ configFile: inRepository('svelte.config.js') }), svelteTesting()],
        resolve: { alias },
        test: {
          name: 'renderer',
          environment: 'happy-dom' as const,
          include: ['tests/renderer/**/*.test.ts'],
          setupFiles: ['tests/renderer/setup.ts'],
        },
      },
    ],
  },
});
