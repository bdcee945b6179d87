/** What is computed by other means on a processor: kernels that are slow or wrong there, and values that are known beforehand. */
import type { Graph, Operation, TensorRef } from '../../ir/types';
import { fillChannelBlock, isUnpaired, pairChannels } from './channel-blocks';
import { withEvenChannels } from './even-channels';
import { withFoldedNormalization } from './folded-normalization';
import { spreadMeans } from './mean-pooling';
import { rewrite } from './rewrite';
import { withSharedImages } from './shared-images';
import { silenceBiases } from './silent-biases';
import { multiplyManyChannels, multiplyPixels, sumOverPixels } from './single-pixels';
import { convolveByTaps } from './small-images';
import type { RewrittenGraph } from './substitution';
import { isWideProduct, multiplyWideFirst } from './wide-layers';

/** Values of 16 bits in a vector of half of AVX-512's width. */
const HALF_VECTOR = 16;

/** Images of a batch up to which a wide layer's weights take longer to cast than products in 16 bits save. */
const FEW_ROWS = 32;

/** The same values within rounding; figures in docs/performance.md. */
export function tunedForProcessor(graph: Graph): Graph {
  const rules = [
    convolveByTaps,
    multiplyPixels,
    sumOverPixels,
    fillChannelBlock,
    multiplyWideFirst,
    spreadMeans,
  ];
  return rewrite(silenceBiases(graph), rules);
}

/** oneDNN's normalisation in 16 bits takes ten times as long where channels do not fill a vector of them. */
function isNormalisingFew({ op, inputs }: Operation): boolean {
  const isNormalising = op === 'FusedBatchNormV3' || op === 'FusedBatchNormGradV3';
  return isNormalising && (inputs[0]?.dims.at(-1) ?? 0) % HALF_VECTOR !== 0;
}

/** What mixed precision begins with; what is to stay in float32 all the same. */
export function tunedForMixedPrecision(
  graph: Graph,
  batchSize: number,
): {
  readonly graph: Graph;
  readonly exact: readonly string[];
} {
  const paired = rewrite(graph, [pairChannels]);
  const isExact = (each: Operation) =>
    isUnpaired(each) || isNormalisingFew(each) || (batchSize <= FEW_ROWS && isWideProduct(each));
  const exact = paired.operations.filter(isExact);
  return { graph: paired, exact: exact.map(({ name }) => name) };
}

/** The network before differentiation; gradients follow from what it becomes. */
export function tunedForTraining(graph: Graph, logits: TensorRef): RewrittenGraph {
  const shared = withSharedImages(graph, logits);
  return withEvenChannels(rewrite(shared.graph, [multiplyManyChannels]), shared.logits);
}

/** The network where nothing is learned. */
export function tunedForInference(graph: Graph, logits: TensorRef): RewrittenGraph {
  const folded = withFoldedNormalization(graph, logits);
  const shared = withSharedImages(folded.graph, folded.logits);
  return { ...shared, graph: rewrite(shared.graph, [multiplyManyChannels]) };
}
