/** Weights that are neither zeros nor ones anywhere, for exports of networks that were never trained. */
import type { GraphDocument } from '@shared/document/types';
import { exportModelOf } from '@shared/export/build-model';
import type { ExportInput } from '@shared/export/model';
import { expectOk, sample, size } from '../../engine/graph-session';

/** What an exporter is handed for the document. */
export function randomInput(document: GraphDocument, fileName = 'model'): ExportInput {
  const model = exportModelOf(document, 'test');
  const { layers } = expectOk(model);
  const weights = layers.flatMap((layer) => layer.weights);
  return {
    ...{ model: expectOk(model), document, fileName, locale: 'en', layerloomVersion: '0.0.0' },
    origin: { kind: 'initial', seed: 1 },
    weights: new Map(
      weights.map(({ name, dims, role }, index) => [name, { dims, values: randomWeight(role, dims, index) }]),
    ),
  };
}

/** Small enough that the values of deep networks stay in range. */
export function randomWeight(role: string, dims: readonly number[], seed: number): Float32Array {
  const count = size(dims);
  if (role === 'movingVariance') return sample(count, seed, { low: 0.5, high: 1.5 });
  if (role === 'gamma') return sample(count, seed, { low: 0.8, high: 1.2 });
  const isKernel = role.endsWith('ernel');
  const limit = isKernel ? Math.sqrt(6 / Math.max(1, size(dims.slice(0, -1)))) : 0.1;
  return sample(count, seed, { low: -limit, high: limit });
}
