// npm run parity: whole networks against PyTorch and Keras, in a Python environment that is made on demand.
import { bootstrapOrExplain } from './bootstrap.mjs';
import { runNodeHere, tool } from './tools.mjs';

const args = ['run', '--project', 'parity', ...process.argv.slice(2)];
process.exitCode = (await bootstrapOrExplain())
  ? await runNodeHere([tool('vitest'), ...args], { LAYERLOOM_PARITY: '1' })
  : 1;
