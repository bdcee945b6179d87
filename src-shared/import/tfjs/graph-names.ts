/** What graphs of the converter call weights, as layers and roles, where their names still tell them. */
import type { NamedTensor } from '../../formats/safetensors';

/** Roles by what reads the variable in networks of Keras 2; those of Keras 3 have only numbers for it. */
const byReader: Readonly<Record<string, string | undefined>> = {
  'Conv2D/ReadVariableOp': 'kernel',
  'conv2d_transpose/ReadVariableOp': 'kernel',
  'MatMul/ReadVariableOp': 'kernel',
  'Tensordot/ReadVariableOp': 'kernel',
  'BiasAdd/ReadVariableOp': 'bias',
  'depthwise/ReadVariableOp': 'depthwise_kernel',
  'separable_conv2d/ReadVariableOp': 'depthwise_kernel',
  'separable_conv2d/ReadVariableOp_1': 'pointwise_kernel',
  'FusedBatchNormV3/ReadVariableOp': 'moving_mean',
  'FusedBatchNormV3/ReadVariableOp_1': 'moving_variance',
};

/** Of a normalisation the layer itself reads two, by names that say so only beside the others. */
const ofNormalisation: Readonly<Record<string, string | undefined>> = {
  ReadVariableOp: 'gamma',
  ReadVariableOp_1: 'beta',
};

/** Names of variables as they are, which older graphs keep. */
const plainRole = /^(?:.*\/)?([^/]+)\/(kernel|bias|gamma|beta|moving_(?:mean|variance)|\w+_kernel)$/;

/** `Call/net/conv1/Conv2D/ReadVariableOp` becomes `conv1/kernel`, unless another tensor would bear that name too. */
export function namedByLayers(tensors: readonly NamedTensor[]): readonly NamedTensor[] {
  const all = new Set(tensors.map(({ name }) => name));
  const names = tensors.map(({ name }) => layerName(name, all));
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return tensors.map((tensor, index) => {
    const name = names[index] ?? tensor.name;
    return counts.get(name) === 1 ? { ...tensor, name } : tensor;
  });
}

function layerName(name: string, all: ReadonlySet<string>): string {
  const plain = plainRole.exec(name);
  if (plain !== null) return `${plain[1]}/${plain[2]}`;
  const parts = name.split('/');
  const [layer, reader] = [parts.at(-3), parts.slice(-2).join('/')];
  if (layer !== undefined && Object.hasOwn(byReader, reader)) return `${layer}/${byReader[reader]}`;
  const [owner, last] = [parts.slice(0, -1), parts.at(-1) ?? ''];
  const isNormalisation = all.has([...owner, 'FusedBatchNormV3', 'ReadVariableOp'].join('/'));
  return isNormalisation && Object.hasOwn(ofNormalisation, last)
    ? `${owner.at(-1)}/${ofNormalisation[last]}`
    : name;
}
