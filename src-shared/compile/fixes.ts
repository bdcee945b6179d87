/** Ways to mend shapes that do not fit: nodes to insert on the wire that brings the wrong one, or a kernel's size. */
import type { Command } from '../document/commands';
import type { DocumentNode, Endpoint, GraphDocument } from '../document/types';
import { wireKey } from '../document/types';
import { formatShape, sameDims } from '../ir/shape';
import type { Shape } from '../ir/types';
import type { InferIssue } from '../nodes/define';
import { builtIns } from '../nodes/resolve';
import { parseParams } from '../params/fields';
import { nestedDims } from '../params/list-fields';
import type { FixCode } from '../problems/fixes';
import type { Fix } from '../problems/problem';
import type { TextArguments } from '../texts/text';
import type { JsonObject } from '../util/json';
import { inferNode } from './infer';

interface Step {
  readonly type: string;
  readonly params: JsonObject;
}

/** Nodes to insert one after another, and what they are called together. */
interface Plan {
  readonly code: FixCode;
  readonly args: TextArguments;
  readonly steps: readonly Step[];
}

/**
 * The fixes of an issue of `node`, given the shapes at its ports; most likely first, none where nothing is known.
 * Each makes the issue go away.
 */
export function fixesFor(
  document: GraphDocument,
  node: DocumentNode,
  { code, port }: InferIssue,
  shapes: Readonly<Record<string, Shape>>,
): readonly Fix[] {
  if (code === 'shape/kernel-values') return kernelSizeFixes(node, shapes['in']);
  const given = port === undefined ? undefined : shapes[port];
  if (port === undefined || given === undefined) return [];
  const wanted = wantedShape(code, shapes['in0']);
  if (wanted === undefined) return [];
  return plansFor(given, wanted)
    .filter(({ steps }) => isWanted(wanted, shapeAfter(given, steps)))
    .map(({ code: fix, args, steps }) => ({
      code: fix,
      args,
      commands: [insertion(document, node, [node.id, port], steps)],
    }));
}

/** The size of the rows that were typed in, where the node would take them. */
function kernelSizeFixes({ id, type, params }: DocumentNode, input: Shape | undefined): readonly Fix[] {
  const definition = builtIns({ type, params });
  const values = definition && parseParams(definition.params, params).values;
  const kernelSize = nestedDims(values?.['kernelValues'])?.slice(0, 2);
  if (kernelSize === undefined || input === undefined) return [];
  if (!shapeAfter(input, [{ type, params: { ...params, kernelSize } }])) return [];
  const command: Command = { kind: 'setParam', node: id, param: 'kernelSize', value: kernelSize };
  return [{ code: 'fix/kernel-size', args: { size: formatShape(kernelSize) }, commands: [command] }];
}

/** What the port should bring; `channels` null where any will do. */
type Wanted =
  | { readonly kind: 'vector'; readonly features: number | null }
  | { readonly kind: 'image'; readonly size: readonly [number, number]; readonly channels: number | null };

function wantedShape(code: InferIssue['code'], first: Shape | undefined): Wanted | undefined {
  if (code === 'shape/not-vector') return { kind: 'vector', features: null };
  const isExact = code === 'shape/mismatch' || code === 'shape/mismatch-broadcast';
  if (!first || !(isExact || code === 'shape/mismatch-but-channels')) return undefined;
  const [height, width, channels] = first;
  if (height === undefined) return undefined;
  if (first.length === 1) return { kind: 'vector', features: isExact ? height : null };
  if (width === undefined || channels === undefined) return undefined;
  return { kind: 'image', size: [height, width], channels: isExact ? channels : null };
}

function isWanted(wanted: Wanted, shape: Shape | undefined): boolean {
  if (!shape) return false;
  if (wanted.kind === 'vector') {
    return shape.length === 1 && (wanted.features === null || shape[0] === wanted.features);
  }
  const hasChannels = wanted.channels === null || shape[2] === wanted.channels;
  return shape.length === 3 && sameDims(shape.slice(0, 2), wanted.size) && hasChannels;
}

function plansFor(given: Shape, wanted: Wanted): readonly Plan[] {
  if (wanted.kind === 'vector') return vectorPlans(given, wanted.features);
  const [height, width, channels] = given;
  if (height === undefined || width === undefined || channels === undefined) return [];
  const from = { size: [height, width] as const, channels };
  return imagePlans(from, { size: wanted.size, channels: wanted.channels ?? channels });
}

function vectorPlans(given: Shape, features: number | null): readonly Plan[] {
  const flatten: Plan = { code: 'fix/flatten', args: {}, steps: [{ type: 'Flatten', params: {} }] };
  const pool: Step = { type: 'GlobalAveragePooling2D', params: {} };
  const pooled: Plan = { code: 'fix/global-pooling', args: {}, steps: [pool] };
  if (features === null) return [flatten, pooled];
  const dense: Step = { type: 'Dense', params: { units: features } };
  if (given.length === 1) return [{ code: 'fix/dense', args: { units: features }, steps: [dense] }];
  return [
    pooled,
    flatten,
    { code: 'fix/global-pooling-and-dense', args: { units: features }, steps: [pool, dense] },
  ];
}

interface Image {
  readonly size: readonly [number, number];
  readonly channels: number;
}

function imagePlans(from: Image, to: Image): readonly Plan[] {
  const filters = to.channels;
  const isWider = from.channels !== filters;
  const mixing: readonly Step[] = isWider ? [convolution(filters, [1, 1])] : [];
  if (sameDims(from.size, to.size)) return [{ code: 'fix/convolution', args: { filters }, steps: mixing }];
  const along = (code: FixCode, args: TextArguments, steps: readonly Step[]): Plan => ({
    code,
    args: { ...args, filters: isWider ? filters : 'none' },
    steps: [...steps, ...mixing],
  });
  return [...stridedPlans(from, to, along), ...factorPlans(from, to, along), marginPlan(from, to, along)];
}

type Along = (code: FixCode, args: TextArguments, steps: readonly Step[]) => Plan;

/** Smaller by a stride: a window that moves by it gives ceil(n / s). */
function stridedPlans(from: Image, to: Image, along: Along): readonly Plan[] {
  const strides = from.size.map((size, axis) => Math.ceil(size / (to.size[axis] ?? 1)));
  const isSmaller = from.size.every((size, axis) => size >= (to.size[axis] ?? 1));
  if (!isSmaller) return [];
  const filters = to.channels;
  const pooling: Step = {
    type: 'MaxPooling2D',
    params: { poolSize: strides, strides, padding: 'same' },
  };
  return [
    {
      code: 'fix/strided-convolution',
      args: { filters, strides: short(strides) },
      steps: [convolution(filters, strides)],
    },
    along('fix/pooling', { window: formatShape(strides) }, [pooling]),
  ];
}

/** Larger by whole factors. */
function factorPlans(from: Image, to: Image, along: Along): readonly Plan[] {
  const size = to.size.map((target, axis) => target / (from.size[axis] ?? 1));
  if (!size.every((factor) => Number.isInteger(factor))) return [];
  return [along('fix/upsampling', { factor: short(size) }, [{ type: 'UpSampling2D', params: { size } }])];
}

/** Zeros where pixels are missing, the edge off where there are too many; the odd one below and right. */
function marginPlan(from: Image, to: Image, along: Along): Plan {
  const missing = to.size.map((target, axis) => target - (from.size[axis] ?? 0));
  const padding = missing.flatMap((pixels) => halves(Math.max(pixels, 0)));
  const cropping = missing.flatMap((pixels) => halves(Math.max(-pixels, 0)));
  const pad: Step = { type: 'ZeroPadding2D', params: { padding } };
  const crop: Step = { type: 'Cropping2D', params: { cropping } };
  const args = { padding: padding.join(','), cropping: cropping.join(',') };
  const isPadded = padding.some((pixels) => pixels > 0);
  const isCropped = cropping.some((pixels) => pixels > 0);
  if (isPadded && isCropped) return along('fix/padding-and-cropping', args, [pad, crop]);
  return isPadded
    ? along('fix/padding', { padding: args.padding }, [pad])
    : along('fix/cropping', { cropping: args.cropping }, [crop]);
}

function halves(pixels: number): readonly [number, number] {
  return [Math.floor(pixels / 2), Math.ceil(pixels / 2)];
}

function convolution(filters: number, strides: readonly number[]): Step {
  return { type: 'Conv2D', params: { filters, kernelSize: [1, 1], strides } };
}

/** `2`, or `2×1`. */
function short(pair: readonly number[]): string {
  return pair[0] === pair[1] ? `${pair[0]}` : formatShape(pair);
}

/** Undefined where a step refuses its parameters or its input. */
function shapeAfter(given: Shape, steps: readonly Step[]): Shape | undefined {
  let shape = given;
  for (const { type, params } of steps) {
    const definition = builtIns({ type, params });
    const parsed = definition && parseParams(definition.params, params);
    if (!parsed || parsed.issues.length > 0) return undefined;
    const inferred = inferNode(builtIns, definition, parsed.values, [shape]);
    if (!inferred.ok) return undefined;
    shape = inferred.value;
  }
  return steps.length > 0 ? shape : undefined;
}

/** Puts the steps on the wire in their order, evenly between its ends. */
function insertion(
  document: GraphDocument,
  node: DocumentNode,
  to: Endpoint,
  steps: readonly Step[],
): Command {
  const source = document.nodes[document.wires[wireKey(to)]?.from[0] ?? ''] ?? node;
  const commands = steps.map(({ type, params }, i): Command => {
    const share = (i + 1) / (steps.length + 1);
    const between = (axis: 'x' | 'y') =>
      source.position[axis] + share * (node.position[axis] - source.position[axis]);
    return { kind: 'insertOnWire', to, type, position: { x: between('x'), y: between('y') }, params };
  });
  const [only] = commands;
  return commands.length === 1 && only ? only : { kind: 'batch', commands };
}
