// load.mjs MODULE: loads DenseNet-121's program into TensorFlow and prints how long that took, as JSON.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

process.env['TF_ENABLE_ONEDNN_OPTS'] ??= '1';
const require = createRequire(import.meta.url);
const tensorflow = dirname(require.resolve('@tensorflow/tfjs-node/package.json'));
const binding = require(join(tensorflow, 'lib', 'napi-v8', 'tfjs_binding.node'));
const { savedModel } = await import(pathToFileURL(process.argv[2] ?? '').href);
const { bytes, seed, init } = savedModel();
const folder = mkdtempSync(join(tmpdir(), 'layerloom-bench-'));
try {
  const start = performance.now();
  writeFileSync(join(folder, 'saved_model.pb'), bytes);
  const session = binding.loadSavedModel(folder, 'serve');
  const loaded = performance.now();
  binding.runSavedModel(session, [binding.createTensor([], binding.TF_INT32, Int32Array.of(1))], seed, init);
  console.log(JSON.stringify({ loadMs: loaded - start, initMs: performance.now() - loaded }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
