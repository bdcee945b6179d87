/** Keys of stateless randomness: every step, seed and site draws numbers of its own, and the same ones again. */
import type { GraphBuilder } from '../ir/builder';
import type { TensorRef } from '../ir/types';
import { intScalar } from '../ops/primitive';
import { hashText } from '../util/hash';

/** What changes from step to step and from run to run, as int32 scalars. */
export interface RandomSource {
  readonly step: TensorRef;
  readonly seed: TensorRef;
}

/** int32 [2]: step, and seed and site mixed. Sites are ids of nodes, or paths that no node can have. */
export function randomKey(b: GraphBuilder, { step, seed }: RandomSource, site: string): TensorRef {
  const spread = b.op('Mul', [seed, b.constant(intScalar(0x9e3779b1 | 0))], {});
  const mixed = b.op('AddV2', [spread, b.constant(intScalar(hashText(site)))], {});
  return b.op('Pack', [step, mixed], {});
}
