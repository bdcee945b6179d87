/** Goes through the parts of a block in order; inference and lowering do so alike. */
import { BLOCK_TYPE } from '../document/blocks';
import { wireKey, type BlockGraph, type BlockPart, type Wire } from '../document/types';
import type { InferIssue, NodeDefinition } from '../nodes/define';
import type { Resolve } from '../nodes/resolve';
import type { ParamSchema, ParamsOf } from '../params/field';
import { parseParams } from '../params/fields';
import { printable } from '../params/printable';
import type { JsonObject } from '../util/json';
import type { Result } from '../util/result';
import { ancestorsOf, topologyOf } from './topology';
import { portsToWire, wiringIssues } from './wiring';

/** A part whose type is known; `params` are parsed, with defaults for those that were refused. */
export interface ReadyPart {
  readonly part: BlockPart;
  readonly definition: NodeDefinition;
  readonly params: ParamsOf<ParamSchema>;
}

/** A mistake, and the part that made it. */
export interface PartIssue {
  readonly part: BlockPart;
  readonly issue: InferIssue;
}

export interface WalkedParts<T> {
  /** What each part gave, by its id. */
  readonly values: ReadonlyMap<string, T>;
  readonly issues: readonly PartIssue[];
}

/**
 * Visits what leads to the output, each part with the values of its inputs in port order. `inputs` are those of the
 * block by port. A part with a mistake, or behind one, is not visited.
 */
export function walkParts<T extends object>(
  resolve: Resolve,
  graph: BlockGraph,
  inputs: ReadonlyMap<string, T>,
  visit: (ready: ReadyPart, inputs: readonly T[]) => Result<T, readonly InferIssue[]>,
): WalkedParts<T> {
  const values = new Map<string, T>();
  const issues: PartIssue[] = [];
  const { order, cycle, incoming } = planOf(graph);
  if (cycle.length > 0) {
    const names = cycle.map(({ id }) => id).join(', ');
    issues.push(...cycle.map((part) => ({ part, issue: { code: 'graph/cycle', args: { names } } as const })));
  }
  for (const part of order) {
    const sources = incoming.get(part.id) ?? new Map<string, Source>();
    const found = readyPart(resolve, part, new Set(sources.keys()));
    issues.push(...found.issues.map((issue) => ({ part, issue })));
    if (found.ready === undefined) continue;
    const ports = portsToWire(found.ready.definition, sources.size);
    const taken = ports.map((port) => {
      const source = sources.get(port);
      return source?.kind === 'part' ? values.get(source.name) : inputs.get(source?.name ?? '');
    });
    if (!taken.every((value) => value !== undefined)) continue;
    const result = visit(found.ready, taken);
    if (result.ok) values.set(part.id, result.value);
    else issues.push(...result.error.map((issue) => ({ part, issue })));
  }
  return { values, issues };
}

interface Source {
  readonly kind: 'part' | 'input';
  readonly name: string;
}

interface Plan {
  readonly order: readonly BlockPart[];
  /** Parts that lead to the output but have no place in the order. */
  readonly cycle: readonly BlockPart[];
  /** For each part what feeds its ports. */
  readonly incoming: ReadonlyMap<string, ReadonlyMap<string, Source>>;
}

function planOf(graph: BlockGraph): Plan {
  const nodes = Object.fromEntries(graph.nodes.map((part) => [part.id, part]));
  const wires = Object.fromEntries(graph.wires.map((wire): [string, Wire] => [wireKey(wire.to), wire]));
  const topology = topologyOf({ nodes, wires });
  const used = ancestorsOf(topology, graph.output);
  const partsOf = (ids: readonly string[]) => ids.flatMap((id) => (used.has(id) ? (nodes[id] ?? []) : []));
  const incoming = new Map<string, Map<string, Source>>();
  const feed = ([part, port]: Wire['to'], source: Source) => {
    const known = incoming.get(part) ?? new Map<string, Source>();
    incoming.set(part, known.set(port, source));
  };
  for (const { from, to } of Object.values(wires)) feed(to, { kind: 'part', name: from[0] });
  for (const [port, ends] of Object.entries(graph.inputs))
    for (const end of ends) feed(end, { kind: 'input', name: port });
  return { order: partsOf(topology.order), cycle: partsOf(topology.unordered), incoming };
}

function readyPart(
  resolve: Resolve,
  part: BlockPart,
  wired: ReadonlySet<string>,
): { readonly ready?: ReadyPart; readonly issues: readonly InferIssue[] } {
  const definition = resolve(part);
  if (definition === undefined) return { issues: [unknownType(part)] };
  const name = part.name ?? part.id;
  // Packing refuses these; a file may bring them.
  if (definition.inputs.kind === 'none' || !definition.hasOutput)
    return { issues: [{ code: 'block/end-inside', args: { name } }] };
  const wiring = wiringIssues(name, definition, wired);
  const { values, issues } = parseParams(definition.params, part.params);
  const refused = issues.map(({ param, issue }): InferIssue => ({ ...issue, param }));
  if (wiring.length > 0) return { issues: [...refused, ...wiring] };
  return { ready: { part, definition, params: values }, issues: refused };
}

/** Why a node or part has no type. */
export function unknownType({
  type,
  params,
}: {
  readonly type: string;
  readonly params: JsonObject;
}): InferIssue {
  return type === BLOCK_TYPE
    ? { code: 'block/unknown', args: { block: printable(params['block']) } }
    : { code: 'graph/unknown-type', args: { type } };
}
