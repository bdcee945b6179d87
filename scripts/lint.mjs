// npm run lint: every static check, each as an error; all run even when one fails.
import { pathToFileURL } from 'node:url';
import { runNode } from './bootstrap/process.mjs';
import { inRepository } from './bootstrap/paths.mjs';
import { tool } from './tools.mjs';

/** @returns {[name: string, args: string[]][]} */
const checks = () => [
  ['prettier', [tool('prettier'), '--check', '--log-level', 'warn', '.']],
  ['tsc src-shared', [tool('typescript', 'tsc'), '-p', 'src-shared']],
  ['tsc src-main', [tool('typescript', 'tsc'), '-p', 'src-main']],
  ['tsc tests', [tool('typescript', 'tsc'), '-p', 'tests']],
  ['tsc scripts', [tool('typescript', 'tsc'), '-p', 'scripts']],
  ['tsc configuration', [tool('typescript', 'tsc'), '-p', '.']],
  ['svelte-check', [tool('svelte-check'), '--tsconfig', 'src-renderer/tsconfig.json', '--fail-on-warnings']],
  ['eslint', [tool('eslint'), '--max-warnings', '0', '.']],
  ['dependency-cruiser', [tool('dependency-cruiser', 'depcruise'), 'src-shared', 'src-main', 'src-renderer']],
  ['knip', [tool('knip')]],
];

/**
 * Runs all checks.
 * @returns {Promise<{name: string, passed: boolean}[]>}
 */
export async function lint() {
  const results = [];
  for (const [name, args] of checks()) {
    const started = performance.now();
    const { code, output } = await runNode(args, { cwd: inRepository() });
    const passed = code === 0;
    if (!passed) console.log(output.trim());
    console.log(
      `lint: ${name} ${passed ? 'passed' : 'FAILED'} (${((performance.now() - started) / 1000).toFixed(1)} s)`,
    );
    results.push({ name: `lint: ${name}`, passed });
  }
  return results;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = (await lint()).every(({ passed }) => passed) ? 0 : 1;
}
