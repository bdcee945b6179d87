/** What is dragged from palette to canvas: a node type, with the parameters of the new node. */
import type { JsonObject } from '@shared/util/json';
import { z } from 'zod';

/** The kind under which it travels. */
export const DRAGGED_TYPE = 'application/x-layerloom-node';

/** A node that is to be added: a type, and for a block of the user's own which one. */
export interface NodeKind {
  readonly type: string;
  readonly params: JsonObject;
}

const kindSchema = z.object({ type: z.string(), params: z.record(z.string(), z.json()) });

export function writeDragged({ type, params }: NodeKind): string {
  return JSON.stringify({ type, params });
}

/** Undefined for what other programs call by the same name. */
export function readDragged(text: string): NodeKind | undefined {
  try {
    return kindSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
