/** How a network gets an output for each class of its data set: the width of its last layer, set anew. */
import { analyse } from '../compile/analyse';
import { nodesOfType, topologyOf } from '../compile/topology';
import type { Command } from '../document/commands';
import type { DocumentNode, GraphDocument } from '../document/types';
import { definitionOf } from '../nodes/resolve';
import type { Fix } from '../problems/problem';
import type { JsonObject } from '../util/json';

/** Nodes before the Output that are tried. */
const MAX_TRIED = 12;
/** Parameters that say how wide a layer's output is. */
const widths = ['units', 'filters'] as const;

/** One fix, tried on the document before it is offered; none where no layer near the end decides the number of outputs. */
export function classFixes(document: GraphDocument, classes: number): readonly Fix[] {
  for (const { node, param } of candidates(document)) {
    if (outputWith(document, node, { ...node.params, [param]: classes }) !== classes) continue;
    const command: Command = { kind: 'setParam', node: node.id, param, value: classes };
    return [{ code: 'fix/class-count', args: { name: node.name, param, classes }, commands: [command] }];
  }
  return [];
}

/** How many values the network gives when a node has these parameters. */
function outputWith(document: GraphDocument, node: DocumentNode, params: JsonObject): number | undefined {
  const nodes = { ...document.nodes, [node.id]: { ...node, params } };
  return analyse({ ...document, nodes }).output?.[0];
}

/** From the Output backwards, along the first wire of each node. */
function candidates(
  document: GraphDocument,
): readonly { readonly node: DocumentNode; readonly param: string }[] {
  const { incoming } = topologyOf(document);
  const found: { node: DocumentNode; param: string }[] = [];
  let id = nodesOfType(document, 'Output')[0]?.id;
  for (let tried = 0; id !== undefined && tried < MAX_TRIED; tried++) {
    const node = document.nodes[id];
    const definition = node && definitionOf(document, node);
    const param = widths.find((width) => definition !== undefined && Object.hasOwn(definition.params, width));
    if (node !== undefined && param !== undefined) found.push({ node, param });
    id = incoming.get(id)?.[0]?.from[0];
  }
  return found;
}
