/** Finds out which kernels the TensorFlow at hand has, by running small graphs: builds and devices differ. */
import { differentiate } from '@shared/compile/differentiate';
import { encodeSavedModel } from '@shared/compile/graphdef';
import { type HalfType, inMixedPrecision } from '@shared/compile/passes/mixed-precision';
import { GraphBuilder } from '@shared/ir/builder';
import type { Capabilities } from '@shared/ir/capabilities';
import type { Dims, TensorRef } from '@shared/ir/types';
import type { OpName } from '@shared/ops';
import { hasBf16, processorInstructions } from './instructions';
import { float32, type Runtime } from './runtime';

type Pair = readonly [number, number];

interface Trial {
  readonly op: Extract<OpName, 'Conv2D' | 'DepthwiseConv2dNative'>;
  readonly kernel: Dims;
  readonly strides: Pair;
  readonly dilations?: Pair;
  /** Tried in mixed precision. */
  readonly half?: HalfType;
}

type Kernel = Exclude<keyof Capabilities, 'isProcessor' | HalfType>;

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
  const isProcessor = runtime.describe().gpuAbsence !== undefined;
  return {
    isProcessor,
    groupedConvolution: await works('groupedConvolution'),
    dilatedConvolution: await works('dilatedConvolution'),
    dilatedDepthwise: await works('dilatedDepthwise'),
    unevenDepthwise: await works('unevenDepthwise'),
    // Without instructions for it a processor is slower than in float32, and its kernels for float16 always are.
    bfloat16:
      isProcessor && !hasBf16(processorInstructions()) ? false : await multiplies(runtime, 'bfloat16'),
    float16: isProcessor ? false : await multiplies(runtime, 'float16'),
  };
}

/** The same trial in another type, on the kernels that networks are made of. */
async function multiplies(runtime: Runtime, half: HalfType): Promise<boolean> {
  return isWorking(runtime, { op: 'Conv2D', kernel: [3, 3, 4, 4], strides: [1, 1], half });
}

async function isWorking(
  runtime: Runtime,
  { op, kernel, strides, dilations, half }: Trial,
): Promise<boolean> {
  const b = new GraphBuilder();
  const placeholder = (name: string, dims: Dims) =>
    b.op('Placeholder', [], { dtype: 'float32', dims }, { name });
  const inputs = [placeholder('images', IMAGES), placeholder('kernel', kernel)];
  const y = b.op(op, inputs, { strides, padding: 'VALID', ...(dilations ? { dilations } : {}) });
  const loss = b.op('Sum', [b.op('Square', [y], {})], { axes: [0, 1, 2, 3], keepDims: false });
  const fetched = differentiate(b, loss, inputs).map((gradient) => b.op('Identity', [gradient], {}));
  const exact = new Set(fetched.map(({ operation }) => operation));
  const graph = half === undefined ? b.graph : inMixedPrecision(b.graph, { half, exact });
  const session = await runtime.load(encodeSavedModel(graph));
  if (!session.ok) return false;
  const [images, weights] = inputs.map(endpoint);
  const run = session.value.bind({
    feeds: { images: images ?? '', weights: weights ?? '' },
    fetches: fetched.map(endpoint),
  });
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
