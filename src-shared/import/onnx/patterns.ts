/** Several operators of a file that are one layer here: activations and normalisations by their formulas. */
import type { FileNode } from '../../formats/onnx/read';
import type { JsonObject } from '../../util/json';
import { type FileGraph, operands } from './graph';

/** What a group of operators is. */
export interface Pattern {
  readonly kind: 'activation' | 'rescaling' | 'groups' | 'layer' | 'nearest' | 'bias';
  /** All of them but the last. */
  readonly absorbed: readonly FileNode[];
  /** The one that gives the value, and the name. */
  readonly last: FileNode;
  /** The value that enters; of a bias the constant itself. */
  readonly input: string;
  readonly params: JsonObject;
  /** Names of the constants gamma and beta, for normalisations. */
  readonly weights?: readonly [gamma: string, beta: string];
}

type Match = (graph: FileGraph, node: FileNode) => Pattern | undefined;

const near = (value: number | undefined, expected: number): boolean =>
  value !== undefined && Math.abs(value - expected) < 1e-4 * Math.abs(expected);

const output = (node: FileNode): string => node.outputs[0] ?? '';

/** The only reader, if it is of that operator. */
function reader(graph: FileGraph, node: FileNode, op: string): FileNode | undefined {
  const next = graph.onlyReader(output(node));
  return next?.op === op ? next : undefined;
}

function other(node: FileNode, value: string): string | undefined {
  const [first, second] = node.inputs;
  return first === value ? second : second === value ? first : undefined;
}

/** x * sigmoid(x) */
const silu: Match = (graph, sigmoid) => {
  if (sigmoid.op !== 'Sigmoid') return undefined;
  const [input = ''] = sigmoid.inputs;
  const last = reader(graph, sigmoid, 'Mul');
  if (last === undefined || other(last, output(sigmoid)) !== input) return undefined;
  return { kind: 'activation', absorbed: [sigmoid], last, input, params: { activation: 'silu' } };
};

/** `x * factor` or `x / (1 / factor)`, as whichever operator the writer took. */
function scaled(graph: FileGraph, node: FileNode | undefined, factor: number): string | undefined {
  if (node?.op !== 'Mul' && node?.op !== 'Div') return undefined;
  const found = operands(node, (value) => graph.scalar(value));
  const constant = node.op === 'Mul' ? found?.constant : 1 / (found?.constant ?? 0);
  return near(constant, factor) ? found?.value : undefined;
}

/** x * (1 + erf(x / sqrt 2)) / 2, its factors in any order. */
const gelu: Match = (graph, erf) => {
  if (erf.op !== 'Erf') return undefined;
  const scaling = graph.producer(erf.inputs[0] ?? '');
  const input = scaled(graph, scaling, Math.SQRT1_2);
  const shift = reader(graph, erf, 'Add');
  if (!scaling || input === undefined || !shift) return undefined;
  if (!near(operands(shift, (value) => graph.scalar(value))?.constant, 1)) return undefined;
  const absorbed = [scaling, erf, shift];
  let [last, hasInput, hasHalf] = [shift, false, false];
  while (!hasInput || !hasHalf) {
    const next = graph.onlyReader(output(last));
    if (next === undefined) return undefined;
    const factor = other(next, output(last));
    const half = factor === undefined ? undefined : graph.producer(factor);
    if (next.op === 'Mul' && factor === input && !hasInput) hasInput = true;
    else if (!hasHalf && scaled(graph, next, 0.5) === output(last)) hasHalf = true;
    else if (next.op === 'Mul' && half && !hasInput && !hasHalf && scaled(graph, half, 0.5) === input) {
      [hasInput, hasHalf] = [true, true];
      absorbed.push(half);
    } else return undefined;
    absorbed.push(next);
    last = next;
  }
  return { kind: 'activation', absorbed: absorbed.slice(0, -1), last, input, params: { activation: 'gelu' } };
};

/** x * scale + offset, with one number each. */
const rescaling: Match = (graph, mul) => {
  if (mul.op !== 'Mul') return undefined;
  const factor = operands(mul, (value) => graph.scalar(value));
  const last = reader(graph, mul, 'Add');
  const shift = last && operands(last, (value) => graph.scalar(value));
  if (!factor || !last || !shift) return undefined;
  const params = { scale: shortest(factor.constant), offset: shortest(shift.constant) };
  return { kind: 'rescaling', absorbed: [mul], last, input: factor.value, params };
};

/** The end of a normalisation: times gamma, plus beta. */
function scaleAndShift(graph: FileGraph, even: FileNode) {
  const mul = reader(graph, even, 'Mul');
  const add = mul && reader(graph, mul, 'Add');
  if (!mul || !add) return undefined;
  const [gamma, beta] = [other(mul, output(even)) ?? '', other(add, output(mul)) ?? ''];
  if (graph.floats(gamma) === undefined || graph.floats(beta) === undefined) return undefined;
  return { mul, add, weights: [gamma, beta] as const };
}

/** Group normalisation as InstanceNormalization over channels that were put together. */
const groups: Match = (graph, instance) => {
  if (instance.op !== 'InstanceNormalization') return undefined;
  const [grouped = '', ones = '', zeros = ''] = instance.inputs;
  const before = graph.producer(grouped);
  const after = reader(graph, instance, 'Reshape');
  const end = after && scaleAndShift(graph, after);
  const [scale, shift] = [graph.floats(ones)?.values, graph.floats(zeros)?.values];
  if (before?.op !== 'Reshape' || !end || !scale?.every((one) => one === 1)) return undefined;
  if (!shift?.every((zero) => zero === 0)) return undefined;
  const epsilon = shortest(instance.attributes.get('epsilon')?.float ?? 1e-5);
  return {
    kind: 'groups',
    absorbed: [before, instance, after, end.mul],
    last: end.add,
    input: before.inputs[0] ?? '',
    params: { groups: scale.length, epsilon },
    weights: end.weights,
  };
};

/** (x - mean) / sqrt(variance + epsilon) over the axis behind the batch. */
const layer: Match = (graph, root) => {
  if (root.op !== 'Sqrt') return undefined;
  const shifted = graph.producer(root.inputs[0] ?? '');
  const epsilon = shifted?.op === 'Add' ? operands(shifted, (value) => graph.scalar(value)) : undefined;
  const variance = graph.producer(epsilon?.value ?? '');
  const square = graph.producer(variance?.inputs[0] ?? '');
  const centred = graph.producer(square?.inputs[0] ?? '');
  const mean = graph.producer(centred?.inputs[1] ?? '');
  const divided = reader(graph, root, 'Div');
  if (!shifted || !epsilon || !variance || !square || !centred || !mean || !divided) return undefined;
  const input = centred.inputs[0] ?? '';
  const isSquare =
    (square.op === 'Mul' && square.inputs[1] === square.inputs[0]) ||
    (square.op === 'Pow' && graph.scalar(square.inputs[1] ?? '') === 2);
  const isWhole = centred.op === 'Sub' && mean.inputs[0] === input && divided.inputs[0] === output(centred);
  if (!isSquare || !isWhole || !isMean(graph, mean) || !isMean(graph, variance)) return undefined;
  const end = scaleAndShift(graph, divided);
  if (!end) return undefined;
  const absorbed = [mean, centred, square, variance, shifted, root, divided, end.mul];
  const params = { epsilon: shortest(epsilon.constant) };
  return { kind: 'layer', absorbed, last: end.add, input, params, weights: end.weights };
};

/** Over one axis, which stays; of images that must be the channels' axis, which `table.ts` sees by the weights. */
function isMean(graph: FileGraph, node: FileNode): boolean {
  const axes = node.attributes.get('axes')?.ints ?? graph.numbers(node.inputs[1] ?? '');
  return node.op === 'ReduceMean' && axes?.length === 1 && (node.attributes.get('keepdims')?.int ?? 1) === 1;
}

/** Rows, then columns, taken one by one. */
const nearest: Match = (graph, rows) => {
  if (rows.op !== 'Gather' || rows.attributes.get('axis')?.int !== 2) return undefined;
  const last = reader(graph, rows, 'Gather');
  if (last?.attributes.get('axis')?.int !== 3) return undefined;
  const [down, across] = [graph.numbers(rows.inputs[1] ?? ''), graph.numbers(last.inputs[1] ?? '')];
  if (down === undefined || across === undefined) return undefined;
  return { kind: 'nearest', absorbed: [rows], last, input: rows.inputs[0] ?? '', params: { down, across } };
};

/** A convolution or dense layer without bias, and a constant per channel that is added to what it gives. */
const bias: Match = (graph, node) => {
  const isDense = node.op === 'MatMul' || node.op === 'Gemm';
  if (!isDense && node.op !== 'Conv' && node.op !== 'ConvTranspose') return undefined;
  const kernel = graph.floats(node.inputs[1] ?? '');
  const last = reader(graph, node, 'Add');
  if (kernel === undefined || last === undefined || (node.inputs[2] ?? '') !== '') return undefined;
  const input = other(last, output(node)) ?? '';
  const { dims = [], values = [] } = graph.floats(input) ?? {};
  const channels = dims.at(isDense ? -1 : -3);
  const isTransposed = node.op === 'ConvTranspose' || node.op === 'MatMul';
  const isTurned = node.op === 'Gemm' && node.attributes.get('transB')?.int !== 1;
  const count = kernel.dims[isTransposed || isTurned ? 1 : 0];
  if (count === undefined || channels !== count || values.length !== count) return undefined;
  return { kind: 'bias', absorbed: [node], last, input, params: {} };
};

const matches: readonly Match[] = [bias, silu, gelu, rescaling, groups, layer, nearest];

/** By the last operator of each; no operator belongs to two. */
export function findPatterns(graph: FileGraph): {
  readonly byLast: ReadonlyMap<FileNode, Pattern>;
  readonly absorbed: ReadonlySet<FileNode>;
} {
  const byLast = new Map<FileNode, Pattern>();
  const absorbed = new Set<FileNode>();
  for (const node of graph.model.nodes) {
    for (const match of matches) {
      const found = match(graph, node);
      if (found === undefined || !isClosed(graph, found)) continue;
      const all = [...found.absorbed, found.last];
      if (all.some((each) => absorbed.has(each) || byLast.has(each))) continue;
      byLast.set(found.last, found);
      for (const each of found.absorbed) absorbed.add(each);
    }
  }
  return { byLast, absorbed };
}

/** Whether nothing else reads what lies inside. */
function isClosed(graph: FileGraph, { absorbed, last }: Pattern): boolean {
  const own = new Set([...absorbed, last]);
  return absorbed.every((node) => graph.readers(output(node)).every((each) => own.has(each)));
}

/** The shortest decimal number that is the same float32: 0.1 and not 0.10000000149. */
export function shortest(value: number): number {
  const rounded = Math.fround(value);
  for (let digits = 1; digits <= 9; digits++) {
    const decimal = Number(rounded.toPrecision(digits));
    if (Math.fround(decimal) === rounded) return decimal;
  }
  return rounded;
}
