/** What is computed by other means on a processor: kernels that are slow or wrong there, and values that are known beforehand. */
import type { Graph } from '../../ir/types';
import { spreadMeans } from './mean-pooling';
import { rewrite } from './rewrite';
import { silenceBiases } from './silent-biases';
import { multiplyPixels } from './single-pixels';
import { convolveByTaps } from './small-images';
import { multiplyWideFirst } from './wide-layers';

/** The same values within rounding; figures in docs/performance.md. */
export function tunedForProcessor(graph: Graph): Graph {
  return rewrite(silenceBiases(graph), [convolveByTaps, multiplyPixels, multiplyWideFirst, spreadMeans]);
}
