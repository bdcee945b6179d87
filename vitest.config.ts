// Unit tests in six projects: shared, engine, app, cli, renderer and bootstrap.
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

/** TensorFlow takes all cores and much memory, and an abort must not take other tests with it. */
const tensorflowProject = (name: string, groupOrder: number) => {
  const project = nodeProject(name);
  return {
    ...project,
    test: {
      ...project.test,
      pool: 'forks' as const,
      fileParallelism: false,
      testTimeout: 120_000,
      hookTimeout: 120_000,
      sequence: { groupOrder },
    },
  };
};

export default defineConfig({
  test: {
    projects: [
      nodeProject('shared'),
      nodeProject('app'),
      nodeProject('bootstrap'),
      tensorflowProject('engine', 1),
      // Runs the built command line: build first.
      tensorflowProject('cli', 2),
      // Needs a Python environment with torch and keras, and minutes: `npm run parity`.
      ...(process.env['LAYERLOOM_PARITY'] === undefined ? [] : [tensorflowProject('parity', 3)]),
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
