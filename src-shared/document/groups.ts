/** Blocks that stand expanded: how long what is known of them is kept. */
import type { BlockGroup } from './types';

/** The groups of which a member is left, be it inside another expanded block. */
export function livingGroups(
  groups: readonly BlockGroup[],
  nodes: Readonly<Record<string, unknown>>,
): ReadonlySet<BlockGroup> {
  const groupsOf = new Map<string, BlockGroup[]>();
  for (const group of groups) {
    for (const { id } of Object.values(group.members)) groupsOf.set(id, [...(groupsOf.get(id) ?? []), group]);
  }
  const there = [...groupsOf].filter(([id]) => Object.hasOwn(nodes, id));
  const living = new Set(there.flatMap(([, found]) => found));
  for (const { node } of living) for (const outer of groupsOf.get(node.id) ?? []) living.add(outer);
  return living;
}
