/** Shapes of nodes, blocks included: what a block gives follows from its parts, and so do its mistakes. */
import type { BlockGraph, BlockPart } from '../document/types';
import { formatShape } from '../ir/shape';
import type { Shape } from '../ir/types';
import { isComposite, type CompositeDefinition, type InferIssue, type NodeDefinition } from '../nodes/define';
import { copyOf } from '../nodes/repeat';
import type { Resolve } from '../nodes/resolve';
import type { ParamSchema, ParamsOf } from '../params/field';
import { required } from '../util/assert';
import { failure, success, type Result } from '../util/result';
import { type PartIssue, type ReadyPart, type WalkedParts, walkParts } from './parts';
import { portsToWire } from './wiring';

type Params = ParamsOf<ParamSchema>;
type Inferred = Result<Shape, readonly InferIssue[]>;

/** Shape of one output sample from those of the inputs in port order; never throws. */
export function inferNode(
  resolve: Resolve,
  definition: NodeDefinition,
  params: Params,
  inputs: readonly Shape[],
): Inferred {
  if (!isComposite(definition)) return definition.infer(params, inputs);
  const visit = (ready: ReadyPart, shapes: readonly Shape[]) =>
    inferNode(resolve, ready.definition, ready.params, shapes);
  return inferParts(resolve, { definition, params }, inputs, visit, (shape) => shape);
}

/** The same for a block, with `visit` for its parts; what goes through them has a shape, and may have more. */
export function inferParts<T extends object>(
  resolve: Resolve,
  { definition, params }: { readonly definition: CompositeDefinition; readonly params: Params },
  inputs: readonly T[],
  visit: (ready: ReadyPart, inputs: readonly T[]) => Result<T, readonly InferIssue[]>,
  shapeOf: (value: T) => Shape,
): Result<T, readonly InferIssue[]> {
  const graph = definition.parts(params, inputs.map(shapeOf));
  if (!graph.ok) return graph;
  const walked = walkParts(resolve, graph.value, inputsByPort(definition, inputs), visit);
  if (walked.issues.length === 0)
    return success(required(walked.values.get(graph.value.output), 'the shape of the output'));
  const issues = walked.issues.map((found) => atBlock(found, definition, graph.value));
  return failure([...repeatIssues(walked, graph.value, shapeOf), ...issues]);
}

/** What enters a block, by its ports. */
export function inputsByPort<T>(definition: NodeDefinition, inputs: readonly T[]): ReadonlyMap<string, T> {
  const ports = portsToWire(definition, inputs.length);
  return new Map(inputs.map((input, index) => [required(ports[index], 'an input port'), input]));
}

/** The part's mistake as one of the block: at the parameter and port that stand for those of the part. */
function atBlock({ part, issue }: PartIssue, definition: CompositeDefinition, graph: BlockGraph): InferIssue {
  const { param, port, part: inner, code, args } = issue;
  const outerParam = param === undefined ? undefined : paramOf(definition, part, param);
  const outerPort = port === undefined ? undefined : sourceOf(graph, part, port).port;
  const named = Object.entries(args).map(([key, value]) => {
    const isPort = (key === 'first' || key === 'second') && typeof value === 'string';
    const source = isPort ? sourceOf(graph, part, value) : {};
    return [key, source.port ?? source.part ?? value] as const;
  });
  return {
    code,
    args: Object.fromEntries(named),
    part: inner === undefined ? part.id : `${part.id}/${inner}`,
    ...(outerParam !== undefined && { param: outerParam }),
    ...(outerPort !== undefined && { port: outerPort }),
  };
}

function paramOf(definition: CompositeDefinition, part: BlockPart, param: string): string | undefined {
  if (definition.paramOf !== undefined) return definition.paramOf(part.id, param);
  return Object.hasOwn(definition.params, param) ? param : undefined;
}

/** What feeds a port of a part: a port of the block, or another part. */
function sourceOf(
  graph: BlockGraph,
  { id }: BlockPart,
  port: string,
): { readonly port?: string; readonly part?: string } {
  const isEnd = (end: readonly [string, string]) => end[0] === id && end[1] === port;
  const wire = graph.wires.find(({ to }) => isEnd(to));
  if (wire !== undefined) return { part: wire.from[0] };
  const outer = Object.entries(graph.inputs).find(([, ends]) => ends.some(isEnd));
  return outer === undefined ? {} : { port: outer[0] };
}

/** That the block cannot be repeated so often, where all went well the first time. */
function repeatIssues<T extends object>(
  { issues, values }: WalkedParts<T>,
  { output }: BlockGraph,
  shapeOf: (value: T) => Shape,
): readonly InferIssue[] {
  const rounds = issues.map(({ part }) => copyOf(part.id).round);
  const round = Math.min(...rounds);
  if (round === 1) return [];
  const { part } = copyOf(output);
  const before = values.get(round === 2 ? part : `${part}.${round - 1}`);
  const args = { round, shape: formatShape(before === undefined ? [] : shapeOf(before)) };
  return [{ code: 'block/repeat-no-fit', args, param: 'repeat' }];
}
