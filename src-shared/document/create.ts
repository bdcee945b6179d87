/** New documents. */
import type { GraphDocument } from './types';

export function emptyDocument(): GraphDocument {
  return { nodes: {}, wires: {}, blocks: {}, groups: {}, training: {}, lastIds: {} };
}
