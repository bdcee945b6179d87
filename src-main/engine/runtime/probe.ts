/** Finds out which kernels the TensorFlow at hand has, by running small graphs: builds and devices differ. */
import { differentiate } from '@shared/compile/differentiate';
import { encodeSavedModel } from '@shared/compile/graphdef';
import { GraphBuilder } from '@shared/ir/builder';
import type { Capabilities } from '@shared/ir/capabilities';
import type { Dims, TensorRef } from '@shared/ir/types';
import type { OpName } from '@shared/ops';
import { float32, type Runtime } from './runtime';

type Pair = readonly [number, number];

interface Trial {
  readonly op: Extract<OpName, 'Conv2D' | 'DepthwiseConv2dNative'>;
  readonly kernel: Dims;
  readonly strides: Pair;
  readonly dilations?: Pair;
}

type Kernel = Exclude<keyof Capabilities, 'isProcessor'>;

const trials: Readonly<Record<Kernel, Trial>> = {
  groupedConvolution: { op: 'Conv2D', kernel: [3, 3, 2, 4], strides: [1, 1] },
  dilatedConvolution: { op: 'Conv2D', kernel: [3, 3, 4, 4], strides: [1, 1], dilations: [2, 2] },
  dilatedDepthwise: { op: 'DepthwiseConv2dNative', kernel: [3, 3, 4, 1], strides: [1, 1], dilations: [2, 2] },
  unevenDepthwise: { op: 'DepthwiseConv2dNative', kernel: [3, 3, 4, 1], strides: [2, 1] },
};

const IMAGES = [2, 8, 8, 4] as const;

const probed = new WeakMap<Runtime, Promise<Capabilities>>();

/** Asked of each runtime once: a tenth of a second. */
export function probeCapabilities(runtime: Runtime): Promise<Capabilities> {
  const known = probed.get(runtime);
  if (known) return known;
  const asked = probe(runtime);
  probed.set(runtime, asked);
  return asked;
}

/** One forward and one backward pass of each kind of convolution; what fails has a second lowering. */
async function probe(runtime: Runtime): Promise<Capabilities> {
  const works = (name: Kernel) => isWorking(runtime, trials[name]);
  return {
    isProcessor: runtime.describe().gpuAbsence !== undefined,
    groupedConvolution: await works('groupedConvolution'),
    dilatedConvolution: await works('dilatedConvolution'),
    dilatedDepthwise: await works('dilatedDepthwise'),
    unevenDepthwise: await works('unevenDepthwise'),
  };
}

async function isWorking(runtime: Runtime, { op, kernel, strides, dilations }: Trial): Promise<boolean> {
  const b = new GraphBuilder();
  const placeholder = (name: string, dims: Dims) =>
    b.op('Placeholder', [], { dtype: 'float32', dims }, { name });
  const inputs = [placeholder('images', IMAGES), placeholder('kernel', kernel)];
  const y = b.op(op, inputs, { strides, padding: 'VALID', ...(dilations ? { dilations } : {}) });
  const loss = b.op('Sum', [b.op('Square', [y], {})], { axes: [0, 1, 2, 3], keepDims: false });
  const fetches = differentiate(b, loss, inputs).map(endpoint);
  const session = await runtime.load(encodeSavedModel(b.graph));
  if (!session.ok) return false;
  const [images, weights] = inputs.map(endpoint);
  const run = session.value.bind({ feeds: { images: images ?? '', weights: weights ?? '' }, fetches });
  const gradients = await run({ images: ones(IMAGES), weights: ones(kernel) });
  session.value.dispose();
  return gradients.ok && gradients.value.every((values) => values.every(Number.isFinite));
}

function endpoint({ operation, index }: TensorRef): string {
  return `${operation}:${index}`;
}

function ones(dims: Dims) {
  const size = dims.reduce((product, each) => product * each, 1);
  return float32(new Float32Array(size).fill(1), dims);
}
