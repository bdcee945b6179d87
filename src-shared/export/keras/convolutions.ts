/** Convolutions and dense layers as Keras layers. */
import { dilatedWindow } from '../../ir/shape';
import conv2d from '../../nodes/convolution/conv2d';
import conv2dTranspose from '../../nodes/convolution/conv2d-transpose';
import depthwiseConv2d from '../../nodes/convolution/depthwise-conv2d';
import separableConv2d from '../../nodes/convolution/separable-conv2d';
import dense from '../../nodes/dense/dense';
import type { WeightRole } from '../../ir/weights';
import type { JsonObject } from '../../util/json';
import { type ExportLayer, paramsAs } from '../model';
import { kernelConfig, type KerasStages, stages } from './layer';
import { cropping, paddingWithZeros, type Windows } from './windows';

interface Sliding {
  readonly kernelSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilationRate: readonly [number, number];
  readonly padding: Windows['padding'];
  readonly useBias: boolean;
}

const withBias = (useBias: boolean, ...kernels: readonly WeightRole[]): readonly WeightRole[] =>
  useBias ? [...kernels, 'bias'] : kernels;

/** Of three kinds that differ in class, kernels and what only they have. */
function convolution(
  layer: ExportLayer,
  params: Sliding,
  className: string,
  config: JsonObject,
  kernels: readonly WeightRole[],
): KerasStages {
  const { kernelSize, strides, dilationRate, useBias } = params;
  const window = dilatedWindow(kernelSize, dilationRate);
  const input = layer.inputShapes[0] ?? [];
  const { padding, before } = paddingWithZeros({ input, window, strides, padding: params.padding });
  const [first, ...others] = [
    ...before,
    {
      className,
      config: {
        kernel_size: kernelSize,
        strides,
        padding,
        data_format: 'channels_last',
        dilation_rate: dilationRate,
        activation: 'linear',
        use_bias: useBias,
        ...config,
      },
      weights: withBias(useBias, ...kernels),
    },
  ];
  return first === undefined ? stages({ className, config }) : stages(first, ...others);
}

export function conv2dStages(layer: ExportLayer): KerasStages {
  const params = paramsAs(conv2d, layer);
  const { filters, groups } = params;
  return convolution(layer, params, 'Conv2D', { filters, groups, ...kernelConfig(params) }, ['kernel']);
}

export function depthwiseConv2dStages(layer: ExportLayer): KerasStages {
  const params = paramsAs(depthwiseConv2d, layer);
  const config = { depth_multiplier: params.depthMultiplier, ...kernelConfig(params, 'depthwise') };
  return convolution(layer, params, 'DepthwiseConv2D', config, ['kernel']);
}

export function separableConv2dStages(layer: ExportLayer): KerasStages {
  const params = paramsAs(separableConv2d, layer);
  const config = {
    filters: params.filters,
    depth_multiplier: params.depthMultiplier,
    ...kernelConfig(params, 'depthwise'),
    ...kernelConfig(params, 'pointwise'),
  };
  return convolution(layer, params, 'SeparableConv2D', config, ['depthwiseKernel', 'pointwiseKernel']);
}

/** Padding per side is taken off the output; Keras's own `valid` gives rows of bias more where the stride is longer than the kernel. */
export function conv2dTransposeStages(layer: ExportLayer): KerasStages {
  const params = paramsAs(conv2dTranspose, layer);
  const { filters, kernelSize, strides, padding, useBias } = params;
  const convolution = {
    className: 'Conv2DTranspose',
    config: {
      filters,
      kernel_size: kernelSize,
      strides,
      padding: padding === 'same' ? 'same' : 'valid',
      data_format: 'channels_last',
      activation: 'linear',
      use_bias: useBias,
      ...kernelConfig(params),
    },
    weights: withBias(useBias, 'kernel'),
  };
  if (typeof padding === 'string') return stages(convolution);
  const more = ([0, 1] as const).map((axis) => Math.max(strides[axis] - kernelSize[axis], 0));
  const { top, bottom, left, right } = padding;
  const crops = [
    [top, bottom + (more[0] ?? 0)],
    [left, right + (more[1] ?? 0)],
  ] as const;
  if (crops.flat().every((crop) => crop === 0)) return stages(convolution);
  const outputShape = layer.outputShape.map(
    (size, axis) => size + (crops[axis]?.[0] ?? 0) + (crops[axis]?.[1] ?? 0),
  );
  return stages({ ...convolution, outputShape }, cropping(crops));
}

export function denseStages(layer: ExportLayer): KerasStages {
  const params = paramsAs(dense, layer);
  const { units, useBias } = params;
  return stages({
    className: 'Dense',
    config: { units, activation: 'linear', use_bias: useBias, ...kernelConfig(params) },
    weights: withBias(useBias, 'kernel'),
  });
}
