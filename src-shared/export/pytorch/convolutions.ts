/** Convolutions and dense layers as modules of PyTorch. */
import { dilatedWindow, paddingAlong } from '../../ir/shape';
import { required } from '../../util/assert';
import conv2d from '../../nodes/convolution/conv2d';
import conv2dTranspose from '../../nodes/convolution/conv2d-transpose';
import depthwiseConv2d from '../../nodes/convolution/depthwise-conv2d';
import separableConv2d from '../../nodes/convolution/separable-conv2d';
import dense from '../../nodes/dense/dense';
import { type ExportLayer, paramsAs } from '../model';
import type { Argument } from './python';
import {
  direct,
  hasBias,
  modules,
  named,
  positional,
  type Stage,
  type StateEntry,
  type Translate,
  turned,
  weightOf,
} from './translation';
import { type Sides, type Windows, zeroPad, zeroPadded } from './windows';

type Pair = readonly [number, number];

interface Sliding {
  readonly kernelSize: Pair;
  readonly strides: Pair;
  readonly dilationRate: Pair;
  readonly padding: Windows['padding'];
  readonly useBias: boolean;
}

/** Keras: [height, width, in, out]; PyTorch: [out, in, height, width]. */
const outFirst = { permutation: [3, 2, 0, 1] };

function biasOf(layer: ExportLayer, key = 'bias'): readonly StateEntry[] {
  return hasBias(layer) ? [direct(layer, 'bias', key)] : [];
}

function inputChannels(layer: ExportLayer): number {
  return required(layer.inputShapes[0]?.[2], 'channels');
}

/** Window arguments, and the padding that the module cannot do itself. */
function sliding(
  layer: ExportLayer,
  params: Sliding,
): { args: readonly Argument[]; before: readonly Stage[] } {
  const { kernelSize, strides, dilationRate } = params;
  const window = dilatedWindow(kernelSize, dilationRate);
  const input = layer.inputShapes[0] ?? [];
  const { padding, before } = zeroPadded({ input, window, strides, padding: params.padding });
  const args = [
    named('kernel_size', kernelSize),
    named('stride', strides, [1, 1]),
    named('padding', padding, [0, 0]),
    named('dilation', dilationRate, [1, 1]),
  ];
  return { args, before };
}

export const conv2dModules: Translate = (layer) => {
  const params = paramsAs(conv2d, layer);
  const { args, before } = sliding(layer, params);
  const call = {
    callee: 'nn.Conv2d',
    args: [
      positional('in_channels', inputChannels(layer)),
      positional('out_channels', params.filters),
      ...args,
      named('groups', params.groups, 1),
      named('bias', params.useBias, true),
    ],
  };
  return modules([...before, { call }], [turned(layer, 'kernel', 'weight', outFirst), ...biasOf(layer)]);
};

/** [height, width, channels, multiplier] to [channels x multiplier, 1, height, width]. */
function depthwiseEntry(layer: ExportLayer, role: 'kernel' | 'depthwiseKernel', key: string): StateEntry {
  const [height = 1, width = 1, channels = 1, multiplier = 1] = weightOf(layer, role).dims;
  const dims = [channels * multiplier, 1, height, width];
  return turned(layer, role, key, { permutation: [2, 3, 0, 1], dims });
}

export const depthwiseModules: Translate = (layer) => {
  const params = paramsAs(depthwiseConv2d, layer);
  const { args, before } = sliding(layer, params);
  const channels = inputChannels(layer);
  const call = {
    callee: 'nn.Conv2d',
    args: [
      positional('in_channels', channels),
      positional('out_channels', channels * params.depthMultiplier),
      ...args,
      named('groups', channels, 1),
      named('bias', params.useBias, true),
    ],
  };
  return modules([...before, { call }], [depthwiseEntry(layer, 'kernel', 'weight'), ...biasOf(layer)]);
};

export const separableModules: Translate = (layer) => {
  const params = paramsAs(separableConv2d, layer);
  const { args, before } = sliding(layer, params);
  const call = {
    callee: 'SeparableConv2d',
    args: [
      positional('in_channels', inputChannels(layer)),
      positional('out_channels', params.filters),
      ...args,
      named('depth_multiplier', params.depthMultiplier, 1),
      named('bias', params.useBias, true),
    ],
  };
  return modules(
    [...before, { call }],
    [
      depthwiseEntry(layer, 'depthwiseKernel', 'depthwise.weight'),
      turned(layer, 'pointwiseKernel', 'pointwise.weight', outFirst),
      ...biasOf(layer, 'pointwise.bias'),
    ],
  );
};

/** Along one axis: what PyTorch's own padding does, what it adds at the end, and what is left to take off. */
interface Trimming {
  readonly padding: number;
  readonly outputPadding: number;
  readonly before: number;
  readonly after: number;
}

/**
 * Of the (n - 1) s + k rows that the kernel reaches, `same` keeps n s, `valid` n s + max(k - s, 0), and padding typed per
 * side takes that off. PyTorch takes equal numbers off both ends; a negative number adds rows that only have the bias.
 */
function trimming(
  size: number,
  kernel: number,
  stride: number,
  padding: Windows['padding'],
  axis: 'height' | 'width',
): Trimming {
  const lengthened = Math.max(stride - kernel, 0);
  if (typeof padding === 'string') {
    const total = padding === 'same' ? Math.max(kernel - stride, 0) : 0;
    const [first, last] = [Math.floor(total / 2), Math.ceil(total / 2)];
    return { padding: first, outputPadding: lengthened, before: 0, after: last - first };
  }
  const [first, last] = paddingAlong(size, kernel, stride, padding, axis);
  const both = Math.min(first, last);
  return { padding: both, outputPadding: 0, before: first - both, after: last - both };
}

export const transposeModules: Translate = (layer) => {
  const { filters, kernelSize, strides, padding, useBias } = paramsAs(conv2dTranspose, layer);
  const [height = 1, width = 1] = layer.inputShapes[0] ?? [];
  const rows = trimming(height, kernelSize[0], strides[0], padding, 'height');
  const columns = trimming(width, kernelSize[1], strides[1], padding, 'width');
  const call = {
    callee: 'nn.ConvTranspose2d',
    args: [
      positional('in_channels', inputChannels(layer)),
      positional('out_channels', filters),
      named('kernel_size', kernelSize),
      named('stride', strides, [1, 1]),
      named('padding', [rows.padding, columns.padding], [0, 0]),
      named('output_padding', [rows.outputPadding, columns.outputPadding], [0, 0]),
      named('bias', useBias, true),
    ],
  };
  const left: Sides = {
    top: -rows.before,
    bottom: -rows.after,
    left: -columns.before,
    right: -columns.after,
  };
  const isTrimmed = Object.values(left).some((pixels) => pixels !== 0);
  const crop = isTrimmed ? [zeroPad(withoutNegativeZero(left), 'crop')] : [];
  // Keras: [height, width, out, in]; PyTorch: [in, out, height, width].
  return modules([{ call }, ...crop], [turned(layer, 'kernel', 'weight', outFirst), ...biasOf(layer)]);
};

function withoutNegativeZero({ top, bottom, left, right }: Sides): Sides {
  return { top: top + 0, bottom: bottom + 0, left: left + 0, right: right + 0 };
}

/** Behind a Flatten the features come channel by channel, so that the kernel's rows change places. */
export const denseModules: Translate = (layer, { flattened }) => {
  const { units, useBias } = paramsAs(dense, layer);
  const features = required(layer.inputShapes[0]?.[0], 'features');
  const call = {
    callee: 'nn.Linear',
    args: [
      positional('in_features', features),
      positional('out_features', units),
      named('bias', useBias, true),
    ],
  };
  const kernel =
    flattened === undefined
      ? turned(layer, 'kernel', 'weight', { permutation: [1, 0] })
      : turned(layer, 'kernel', 'weight', {
          view: [...flattened, units],
          permutation: [3, 2, 0, 1],
          dims: [units, features],
        });
  return modules([{ call }], [kernel, ...biasOf(layer)]);
};
