/** Networks with random weights, exported to Keras, with images and what our own session says of them. */
import { compileDocument } from '@shared/compile/compile';
import type { GraphDocument } from '@shared/document/types';
import { exportModelOf } from '@shared/export/build-model';
import type { ExportInput, WeightValues } from '@shared/export/model';
import { probeCapabilities } from '../../src-main/engine/runtime/probe';
import { float32, type Runtime, uint8 } from '../../src-main/engine/runtime/runtime';
import { expectOk, numbers, ProgramSession, sample, size } from './graph-session';

const IMAGES = 3;

export interface Reference {
  readonly input: ExportInput;
  /** float32 `[n, height, width, channels]` from 0 to 1. */
  readonly images: { readonly dims: readonly number[]; readonly values: Float32Array };
  readonly predictions: Float32Array;
}

/** The document with weights that are neither zeros nor ones anywhere, and positive variances. */
export async function referenceOf(document: GraphDocument, runtime: Runtime): Promise<Reference> {
  const program = expectOk(compileDocument(document, await probeCapabilities(runtime)));
  const random = numbers(17);
  const pixels = Uint8Array.from({ length: IMAGES * size(program.input) }, () => Math.floor(256 * random()));
  const session = await ProgramSession.open(runtime, program, pixels, new Int32Array(IMAGES));
  const weights = new Map<string, WeightValues>();
  for (const { name, dims, role, assign } of program.variables.filter((each) => each.role !== 'slot')) {
    const values = randomWeight(role, dims, weights.size);
    await session.assign(assign, float32(values, [...dims]));
    weights.set(name, { dims, values });
  }
  const dims = [IMAGES, ...program.input];
  const [predictions] = await session.call(program.functions.predict, { images: uint8(pixels, dims) });
  session.session.dispose();
  const model = expectOk(exportModelOf(document, 'test'));
  const ordered = model.layers.flatMap((layer) => layer.weights);
  const input: ExportInput = {
    ...{ model, document, fileName: 'model', locale: 'en', layerloomVersion: '0.0.0' },
    origin: { kind: 'initial', seed: 1 },
    weights: new Map(
      ordered.map(({ name }) => [name, weights.get(name) ?? { dims: [], values: new Float32Array() }]),
    ),
  };
  const values = Float32Array.from(pixels, (pixel) => pixel * Math.fround(1 / 255));
  return { input, images: { dims, values }, predictions: Float32Array.from(predictions ?? []) };
}

/** Small enough that the values of deep networks stay in range. */
function randomWeight(role: string, dims: readonly number[], seed: number): Float32Array {
  const count = size(dims);
  if (role === 'movingVariance') return sample(count, seed, { low: 0.5, high: 1.5 });
  if (role === 'gamma') return sample(count, seed, { low: 0.8, high: 1.2 });
  const isKernel = role.endsWith('ernel');
  const limit = isKernel ? Math.sqrt(6 / Math.max(1, size(dims.slice(0, -1)))) : 0.1;
  return sample(count, seed, { low: -limit, high: limit });
}
