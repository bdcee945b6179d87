/** What a node costs, read off the primitives that it is lowered to. */
import { GraphBuilder } from '../ir/builder';
import { elementsPerSample, withBatch } from '../ir/shape';
import { BATCH, type Dims, type DType, type Operation, type Shape, type TensorRef } from '../ir/types';
import { builtIns } from '../nodes/resolve';
import { primitiveOf } from '../ops';
import { inferNode } from './infer';
import { LoweringPass, type NodeToLower, WeightStore } from './lower';

/** How a node widens what one value sees: field += reach * jump, jump *= stride, per axis. */
export interface Reach {
  readonly reach: readonly [number, number];
  readonly stride: readonly [number, number];
}

export interface NodeCost {
  readonly params: number;
  readonly trainableParams: number;
  readonly macs: number;
  readonly activationBytes: number;
  /** Absent where the output comes from no input. */
  readonly reach?: Reach;
  /** The weight with most elements, where there is one. */
  readonly largestWeight?: Dims;
  /** 2 where statistics are taken over the batch alone. */
  readonly minimumBatch: 1 | 2;
}

const BYTES_PER_VALUE = 4;

/** Lowers the node alone, for training, and adds up its operations. */
export function costOf(node: NodeToLower, inputs: readonly Shape[]): NodeCost {
  const b = new GraphBuilder();
  const weights = new WeightStore(b);
  const pass = new LoweringPass(b, weights, {
    step: given('step', 'int32', []),
    seed: given('seed', 'int32', []),
  });
  const images = inputs.map((shape, i) => given(`input${i}`, 'float32', withBatch(shape)));
  const output = pass.lower(node, node.definition.inputs.kind === 'none' ? [imageSource(node)] : images);
  const { operations } = b.graph;
  const sizes = weights.all.map(({ spec, isTrainable }) => ({
    size: elementsPerSample(spec.dims),
    isTrainable,
  }));
  const reach = reachOf(operations, images, output);
  return {
    params: sum(sizes.map(({ size }) => size)),
    trainableParams: sum(sizes.map(({ size, isTrainable }) => (isTrainable ? size : 0))),
    macs: sum(
      operations.map(
        (operation) => primitiveOf(operation.op).macs?.(operation.inputs, operation.outputs) ?? 0,
      ),
    ),
    activationBytes: sum(operations.map(activationBytesOf)),
    ...largestOf(weights.all.map(({ spec }) => spec.dims)),
    minimumBatch: operations.some(normalizesBatchAlone) ? 2 : 1,
    ...(reach ? { reach } : {}),
  };
}

/** The cost of a block: its parts', which are lowered alike inside it and alone, and what it sees through them. */
export function costOfParts(parts: readonly NodeCost[], reach: Reach | undefined): NodeCost {
  const total = (of: (cost: NodeCost) => number) => sum(parts.map(of));
  return {
    params: total(({ params }) => params),
    trainableParams: total(({ trainableParams }) => trainableParams),
    macs: total(({ macs }) => macs),
    activationBytes: total(({ activationBytes }) => activationBytes),
    ...largestOf(parts.flatMap(({ largestWeight }) => (largestWeight ? [largestWeight] : []))),
    minimumBatch: parts.some(({ minimumBatch }) => minimumBatch === 2) ? 2 : 1,
    ...(reach ? { reach } : {}),
  };
}

/** What a node sees by itself. */
export const noReach: Reach = { reach: [0, 0], stride: [1, 1] };

/** What is seen through a node whose inputs see that much already; undefined where none comes from the input. */
export function reachThrough(inputs: readonly Reach[], node: Reach | undefined): Reach | undefined {
  if (inputs.length === 0 || node === undefined) return undefined;
  const { reach, stride } = inputs.reduce(wider);
  const along = (axis: 0 | 1) => reach[axis] + node.reach[axis] * stride[axis];
  return {
    reach: [along(0), along(1)],
    stride: [stride[0] * node.stride[0], stride[1] * node.stride[1]],
  };
}

/** A tensor of no operation: what stands before the node is not counted, and this runs for every node at every edit. */
function given(operation: string, dtype: DType, dims: Dims): TensorRef {
  return { operation, index: 0, dtype, dims };
}

/** A node without inputs stands for the images; they have the shape that it infers. */
function imageSource({ definition, params }: NodeToLower): TensorRef {
  const inferred = inferNode(builtIns, definition, params, []);
  return given('images', 'float32', withBatch(inferred.ok ? inferred.value : []));
}

function largestOf(weights: readonly Dims[]): Pick<NodeCost, 'largestWeight'> {
  const [largest] = [...weights].sort((a, b) => elementsPerSample(b) - elementsPerSample(a));
  return largest ? { largestWeight: largest } : {};
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Results with a batch dimension are kept for the gradient; another name for old memory costs nothing. */
function activationBytesOf({ op, outputs }: Operation): number {
  if (primitiveOf(op).aliases) return 0;
  return sum(
    outputs.map(({ dims, dtype }) =>
      dims.includes(BATCH) && dtype !== 'resource'
        ? elementsPerSample(dims) * (dtype === 'bool' ? 1 : BYTES_PER_VALUE)
        : 0,
    ),
  );
}

/** Batch normalisation of a vector: one value per sample and feature. */
function normalizesBatchAlone({ op, inputs }: Operation): boolean {
  const [x] = inputs;
  return op === 'FusedBatchNormV3' && x?.dims[1] === 1 && x.dims[2] === 1;
}

/** Follows windows from the inputs to the output, taking the widest way where several lead there. */
function reachOf(
  operations: readonly Operation[],
  inputs: readonly TensorRef[],
  output: TensorRef,
): Reach | undefined {
  const known = new Map<string, Reach>(inputs.map(({ operation }) => [operation, noReach]));
  for (const operation of operations) {
    const sources = operation.inputs.flatMap((input) => known.get(input.operation) ?? []);
    if (sources.length === 0) continue;
    const widest = sources.reduce(wider);
    const window = primitiveOf(operation.op).window?.(operation.attributes, operation.inputs);
    known.set(operation.name, window ? throughWindow(widest, window.size, window.strides) : widest);
  }
  return known.get(output.operation);
}

function wider(a: Reach, b: Reach): Reach {
  const larger = (x: readonly [number, number], y: readonly [number, number]) =>
    [Math.max(x[0], y[0]), Math.max(x[1], y[1])] as const;
  return { reach: larger(a.reach, b.reach), stride: larger(a.stride, b.stride) };
}

function throughWindow(
  { reach, stride }: Reach,
  size: readonly [number, number],
  strides: readonly [number, number],
): Reach {
  return {
    reach: [reach[0] + (size[0] - 1) * stride[0], reach[1] + (size[1] - 1) * stride[1]],
    stride: [stride[0] * strides[0], stride[1] * strides[1]],
  };
}
