/** What an import tells: layers of a file and what became of them, and weights onto a network. */
import { z } from 'zod';
import type { ImportNote } from '../import/format';
import { isJsonObject } from '../util/json';
import { problemSchema } from './contract';

const note = z.custom<ImportNote>(
  (value) => isJsonObject(value) && typeof value['code'] === 'string' && isJsonObject(value['args']),
);

export const layerRow = z.object({
  layer: z.string(),
  /** Its class or operation in the file. */
  type: z.string(),
  outcome: z.enum(['taken', 'approximated', 'refused']),
  notes: z.array(note),
  /** Ids of the nodes that stand for it. */
  nodes: z.array(z.string()),
});
export type LayerRow = z.infer<typeof layerRow>;

const dims = z.array(z.number()).readonly();

export const weightRow = z.object({
  weight: z.string(),
  /** Taken, only in the network, in both with other sizes, only in the file. */
  outcome: z.enum(['kept', 'missing', 'misfit', 'unused']),
  dims: dims.optional(),
  fileDims: dims.optional(),
});
export type WeightMessage = z.infer<typeof weightRow>;

/** A file as read: a network and its report, or weights alone. */
export const readFileReply = z.object({
  network: z.object({ document: z.string(), rows: z.array(layerRow) }).optional(),
  /** Why there is none, where it is not a file of weights alone. */
  networkProblem: problemSchema.optional(),
  /** Tensors in the file. */
  tensors: z.number().int(),
});
export type ReadFile = z.infer<typeof readFileReply>;
