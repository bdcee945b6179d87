/** Which parameters of nodes a block made of them could have, and what they would be called. */
import type { GraphDocument } from '@shared/document/types';
import { BLOCK_PARAMS } from '@shared/document/blocks';
import { defaultParams } from '@shared/params/fields';
import type { Text } from '@shared/texts/text';
import { typeOf } from './connections';

export interface Exposable {
  /** Id of the node. */
  readonly part: string;
  readonly nodeName: string;
  readonly param: string;
  readonly label: Text;
  /** `filters`, or `conv1_filters` where several nodes have such a parameter. */
  readonly suggestion: string;
}

/** Those that matter with the values that the nodes have now, node by node. */
export function exposableParams(document: GraphDocument, nodes: readonly string[]): readonly Exposable[] {
  const all = nodes.flatMap((id) => {
    const node = document.nodes[id];
    const schema = typeOf(document, id)?.params;
    if (node === undefined || schema === undefined) return [];
    const values = { ...defaultParams(schema), ...node.params };
    return Object.entries(schema)
      .filter(([, field]) => field.isRelevant?.(values) ?? true)
      .filter(([param]) => param !== 'block')
      .map(([param, { label }]) => ({ part: id, nodeName: node.name, param, label }));
  });
  return all.map((each) => {
    const isTaken = BLOCK_PARAMS.some((name) => name === each.param);
    const isAlone = all.filter(({ param }) => param === each.param).length === 1;
    return { ...each, suggestion: isAlone && !isTaken ? each.param : `${each.nodeName}_${each.param}` };
  });
}
