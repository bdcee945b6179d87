// npm run bench networks [-- OPTIONS]: `layerloom bench`, training against tfjs-layers, Keras and PyTorch.
import { inRepository } from '../bootstrap/paths.mjs';
import { runNodeHere } from '../tools.mjs';

const program = inRepository('scripts', 'layerloom.js');
process.exitCode = await runNodeHere([program, 'bench', ...process.argv.slice(2)]);
