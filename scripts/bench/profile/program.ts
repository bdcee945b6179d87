/** A network's program as files that Python's TensorFlow can run: the SavedModel, and the names to drive it by. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileDocument } from '@shared/compile/compile';
import { required } from '@shared/util/assert';
import { stepDocument } from '../../../src-main/cli/bench/documents';
import {
  type BenchPrecision,
  benchNetworks,
  inferenceBatch,
  inputOf,
} from '../../../src-main/cli/bench/networks';

/** Writes `saved_model.pb` and `program.json`; the data are to be random images of `input`. */
export function writeProgram(folder: string, id: string, precision: BenchPrecision): void {
  const network = required(
    benchNetworks.find((each) => each.id === id),
    `network ${id}`,
  );
  const compiled = compileDocument(stepDocument(network, precision));
  if (!compiled.ok) throw new Error(`${id} does not compile`);
  const { savedModel, functions, data, classes } = compiled.value;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'saved_model.pb'), savedModel);
  const { init, train, evaluate } = functions;
  const batches = { train: network.batch, evaluate: inferenceBatch(network) };
  const program = { input: inputOf(network), classes, batches, data, init, train, evaluate };
  writeFileSync(join(folder, 'program.json'), JSON.stringify(program));
}
