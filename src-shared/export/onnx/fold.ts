/** Batch normalisation folded into the layer before it: the same values from fewer operators. */
import batchNormalization from '../../nodes/normalization/batch-normalization';
import { type WeightRole, weightRoles } from '../../ir/weights';
import { elementsPerSample } from '../../ir/shape';
import { required } from '../../util/assert';
import { type ExportLayer, type ExportModel, paramsAs, type WeightValues } from '../model';

export interface FoldedModel {
  /** Paths of the normalisations that are left out: their value is that of the layer before. */
  readonly leftOut: ReadonlySet<string>;
  readonly weights: ReadonlyMap<string, WeightValues>;
}

/** By type, the kernel whose output channels the normalisation scales. */
const kernels: Readonly<Record<string, WeightRole | undefined>> = {
  Conv2D: 'kernel',
  DepthwiseConv2D: 'kernel',
  SeparableConv2D: 'pointwiseKernel',
  Conv2DTranspose: 'kernel',
  Dense: 'kernel',
};

/** Every one whose only input is read by nothing else. */
export function foldNormalizations(
  model: ExportModel,
  given: ReadonlyMap<string, WeightValues>,
): FoldedModel {
  const weights = new Map(given);
  const leftOut = new Set<string>();
  const byPath = new Map(model.layers.map((layer) => [layer.path, layer]));
  const readers = new Map<string, number>();
  for (const { inputs } of model.layers) {
    for (const { layer } of inputs) readers.set(layer, (readers.get(layer) ?? 0) + 1);
  }
  for (const layer of model.layers) {
    const before = byPath.get(layer.inputs[0]?.layer ?? '');
    if (layer.type !== 'BatchNormalization' || before === undefined) continue;
    const kernel = kernels[before.type];
    if (kernel === undefined || readers.get(before.path) !== 1) continue;
    fold(before, kernel, layer, weights);
    leftOut.add(layer.path);
  }
  return { leftOut, weights };
}

/** y = gamma * (x - mean) / sqrt(variance + epsilon) + beta, in double precision. */
function fold(
  before: ExportLayer,
  role: WeightRole,
  normalization: ExportLayer,
  weights: Map<string, WeightValues>,
): void {
  const { epsilon } = paramsAs(batchNormalization, normalization);
  const named = (layer: ExportLayer, each: WeightRole) => `${layer.path}/${weightRoles[each].name}`;
  const own = (each: WeightRole): Float32Array =>
    required(weights.get(named(normalization, each)), named(normalization, each)).values;
  const [gamma, beta, mean, variance] = [own('gamma'), own('beta'), own('movingMean'), own('movingVariance')];
  const scale = Array.from(gamma, (value, i) => value / Math.sqrt((variance[i] ?? 1) + epsilon));
  const kernel = required(weights.get(named(before, role)), named(before, role));
  const channelOf = outputChannel(before, kernel, scale.length);
  const values = kernel.values.map((value, i) => value * (scale[channelOf(i)] ?? 1));
  const bias = weights.get(named(before, 'bias'))?.values;
  const shift = Float32Array.from(
    scale,
    (factor, i) => (beta[i] ?? 0) + factor * ((bias?.[i] ?? 0) - (mean[i] ?? 0)),
  );
  weights.set(named(before, role), { dims: kernel.dims, values });
  weights.set(named(before, 'bias'), { dims: [scale.length], values: shift });
}

/** Output channels vary fastest, those of a depthwise kernel over its last two axes; a transposed one has them before the input's. */
function outputChannel({ type }: ExportLayer, { dims }: WeightValues, channels: number) {
  const inner = type === 'Conv2DTranspose' ? elementsPerSample(dims.slice(3)) : 1;
  return (index: number): number => Math.floor(index / inner) % channels;
}
