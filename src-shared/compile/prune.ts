/** Leaves out what no endpoint needs, such as the gradient by the images. */
import type { Graph } from '../ir/types';

/** The operations that `roots` (operation names) depend on, in their old order. */
export function prune(graph: Graph, roots: readonly string[]): Graph {
  const needed = new Set(roots);
  const operations = [...graph.operations].reverse().filter((operation) => {
    if (!needed.has(operation.name)) return false;
    for (const input of operation.inputs) needed.add(input.operation);
    for (const control of operation.controls) needed.add(control);
    return true;
  });
  return { operations: operations.reverse() };
}
