// npm run bench profile -- --peers VENV [--networks NAME,...] [--precision fp32|bf16] [--task train|evaluate]
// [--operations N]: what a step or an evaluation spends its time on, traced by Python's TensorFlow on the same program.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { inRepository } from '../bootstrap/paths.mjs';
import { runHere } from '../tools.mjs';
import { bundleForNode } from './parts/bundle.mjs';

const { values } = parseArgs({
  options: {
    peers: { type: 'string', default: process.env['LAYERLOOM_PEERS'] ?? '' },
    networks: { type: 'string', default: 'googlenet,alexnet,vgg-11,nin' },
    precision: { type: 'string', default: 'fp32' },
    task: { type: 'string', default: 'train' },
    operations: { type: 'string', default: '0' },
  },
});

/** @param {string} environment */
const pythonOf = (environment) =>
  process.platform === 'win32'
    ? join(environment, 'Scripts', 'python.exe')
    : join(environment, 'bin', 'python');

async function profile() {
  const folder = mkdtempSync(join(tmpdir(), 'layerloom-bench-'));
  try {
    const module = await bundleForNode('scripts/bench/profile/program.ts', folder);
    const { writeProgram } = await import(pathToFileURL(module).href);
    for (const network of values.networks.split(',')) {
      const program = join(folder, network);
      writeProgram(program, network, values.precision);
      console.log(`${network}, ${values.precision}, ${values.task}`);
      const options = [values.task, '--operations', values.operations];
      const script = inRepository('scripts', 'bench', 'peers', 'profile_program.py');
      const code = await runHere(pythonOf(values.peers), [script, program, ...options]);
      if (code !== 0) return code;
    }
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (values.peers) process.exitCode = await profile();
else console.log('profile: not measured, no Python environment with TensorFlow is named (--peers).');
