/** What a block of the document consists of, for opening it, and what nodes lack before they can become one. */
import { BLOCK_TYPE } from '../document/blocks';
import { wireKey, type BlockGraph, type Endpoint, type GraphDocument } from '../document/types';
import type { Shape } from '../ir/types';
import { isComposite } from '../nodes/define';
import { definitionOf } from '../nodes/resolve';
import { parseParams } from '../params/fields';
import { problem, type Problem } from '../problems/problem';
import { invariant, required } from '../util/assert';
import { failure, type Result } from '../util/result';
import type { Analysis } from './analysis';
import { portsToWire } from './wiring';

/** True where the node is a block of known parts, its own or one of the registry. */
export function isExpandable(document: GraphDocument, id: string): boolean {
  const node = document.nodes[id];
  const definition = node && definitionOf(document, node);
  return definition !== undefined && isComposite(definition);
}

/** The graph for the command `expandBlock`, or why the block is not known well enough; the node must be a block. */
export function expansionOf(
  document: GraphDocument,
  analysis: Analysis,
  id: string,
): Result<BlockGraph, readonly Problem[]> {
  const node = required(document.nodes[id], `node ${id}`);
  const definition = definitionOf(document, node);
  invariant(definition && isComposite(definition), `${id} is no block`);
  const { values, issues } = parseParams(definition.params, node.params);
  if (issues.length > 0) {
    return failure(issues.map(({ param, issue }) => problem(issue.code, issue.args, { node: id, param })));
  }
  const shapes = portsToWire(definition, 0).map((port) => analysis.nodes[id]?.inputShapes[port]);
  const isKnown = shapes.every((shape): shape is Shape => shape !== undefined);
  // The parts of a user's block are the same whatever enters it.
  if (!isKnown && node.type !== BLOCK_TYPE)
    return failure([problem('block/not-ready', { name: node.name }, { node: id })]);
  const graph = definition.parts(values, isKnown ? shapes : []);
  if (graph.ok) return graph;
  return failure(graph.error.map(({ code, args, ...place }) => problem(code, args, { node: id, ...place })));
}

/** Input ports of the nodes that have no wire yet: hand them to `packNodes` as inputs of the block. */
export function openInputs(document: GraphDocument, nodes: Iterable<string>): readonly Endpoint[] {
  return [...nodes].sort().flatMap((id) => {
    const node = document.nodes[id];
    const definition = node && definitionOf(document, node);
    const wired = Object.values(document.wires).filter(({ to }) => to[0] === id);
    const ports = definition ? portsToWire(definition, wired.length) : [];
    const isOpen = (end: Endpoint) => !wired.some(({ to }) => wireKey(to) === wireKey(end));
    return ports.map((port): Endpoint => [id, port]).filter(isOpen);
  });
}
