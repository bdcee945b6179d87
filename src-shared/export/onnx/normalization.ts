/** Normalisations: by one operator where the opset has it, else by its formula. */
import { elementsPerSample } from '../../ir/shape';
import batchNormalization from '../../nodes/normalization/batch-normalization';
import groupNormalization from '../../nodes/normalization/group-normalization';
import layerNormalization from '../../nodes/normalization/layer-normalization';
import { paramsAs } from '../model';
import { perChannel, toChannelsFirst, toChannelsLast } from './layout';
import { float, int, ints, list, type LayerWriter, scalar, type WriteLayer } from './writer';

export const writeBatchNormalization: WriteLayer = (writer) => {
  const { epsilon, momentum } = paramsAs(batchNormalization, writer.layer);
  return writer.op(
    'BatchNormalization',
    [
      writer.input,
      { as: 'gamma', ...writer.weight('gamma') },
      { as: 'beta', ...writer.weight('beta') },
      { as: 'moving_mean', ...writer.weight('movingMean') },
      { as: 'moving_variance', ...writer.weight('movingVariance') },
    ],
    { epsilon: float(epsilon), momentum: float(momentum) },
  );
};

/** The last two steps of a normalisation by its formula. */
function scaleAndShift(writer: LayerWriter, even: string): string {
  const [gamma, beta] = (['gamma', 'beta'] as const).map((role) =>
    perChannel(writer.weight(role), writer.inputShape),
  );
  const scaled = gamma ? writer.op('Mul', [even, { as: 'gamma', ...gamma }], {}, 'scale') : even;
  return beta ? writer.op('Add', [scaled, { as: 'beta', ...beta }]) : scaled;
}

/** GroupNormalization has a scale per channel from opset 21 on, and is made for images. */
export const writeGroupNormalization: WriteLayer = (writer) => {
  const { groups, epsilon } = paramsAs(groupNormalization, writer.layer);
  const { inputShape } = writer;
  if (writer.opset >= 21 && inputShape.length === 3) {
    const [scale, bias] = (['gamma', 'beta'] as const).map((role) => ({ as: role, ...writer.weight(role) }));
    const operands = [writer.input, ...(scale && bias ? [scale, bias] : [])];
    return writer.op('GroupNormalization', operands, { num_groups: int(groups), epsilon: float(epsilon) });
  }
  const [height, width, channels] = inputShape;
  const sizes = channels === undefined ? inputShape : [channels, height ?? 1, width ?? 1];
  const share = elementsPerSample(inputShape) / groups;
  const grouped = writer.op('Reshape', [writer.input, list('shape', [0, groups, share])], {}, 'group');
  const ones = { as: 'ones', dims: [groups], values: new Float32Array(groups).fill(1) };
  const none = { as: 'zeros', dims: [groups], values: new Float32Array(groups) };
  const even = writer.op(
    'InstanceNormalization',
    [grouped, ones, none],
    { epsilon: float(epsilon) },
    'instance',
  );
  const back = writer.op('Reshape', [even, list('shape', [0, ...sizes])], {}, 'ungroup');
  return scaleAndShift(writer, back);
};

export const writeLayerNormalization: WriteLayer = (writer) => {
  const { epsilon } = paramsAs(layerNormalization, writer.layer);
  if (writer.opset < 17) return scaleAndShift(writer, standardized(writer, epsilon));
  const operands = [
    { as: 'gamma', ...writer.weight('gamma') },
    { as: 'beta', ...writer.weight('beta') },
  ];
  const attributes = { axis: int(-1), epsilon: float(epsilon) };
  if (writer.inputShape.length !== 3) {
    return writer.op('LayerNormalization', [writer.input, ...operands], attributes);
  }
  const last = writer.op('Transpose', [writer.input], { perm: ints(toChannelsLast) }, 'channels_last');
  const even = writer.op('LayerNormalization', [last, ...operands], attributes, 'normalize');
  return writer.op('Transpose', [even], { perm: ints(toChannelsFirst) });
};

/** (x - mean) / sqrt(variance + epsilon) over the channels, with the biased variance. */
function standardized(writer: LayerWriter, epsilon: number): string {
  const mean = (x: string, suffix: string): string =>
    writer.op('ReduceMean', [x], { axes: ints([1]), keepdims: int(1) }, suffix);
  const centred = writer.op('Sub', [writer.input, mean(writer.input, 'mean')], {}, 'centre');
  const square = writer.op('Mul', [centred, centred], {}, 'square');
  const shifted = writer.op(
    'Add',
    [mean(square, 'variance'), scalar('epsilon', epsilon)],
    {},
    'shifted_variance',
  );
  return writer.op('Div', [centred, writer.op('Sqrt', [shifted], {}, 'deviation')], {}, 'standardize');
}
