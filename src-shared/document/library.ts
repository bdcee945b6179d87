/** Files of blocks: documents that hold nothing else, so that any document can serve as one. */
import { problem, type Problem } from '../problems/problem';
import { failure, success, type Result } from '../util/result';
import { emptyDocument } from './create';
import { parseDocument } from './parse';
import { sortedRecord } from './record';
import { serialiseDocument } from './serialise';
import type { GraphDocument } from './types';

/** The text of a file with these blocks; hand in those inside them too (`blocksUsedBy`). */
export function serialiseBlocks(blocks: GraphDocument['blocks']): string {
  return serialiseDocument({ ...emptyDocument(), blocks: sortedRecord(Object.entries(blocks)) });
}

/** The blocks of a library or of any other document. */
export function parseBlocks(
  text: string,
): Result<{ readonly blocks: GraphDocument['blocks']; readonly repairs: readonly Problem[] }, Problem> {
  const parsed = parseDocument(text);
  if (!parsed.ok) return parsed;
  const { blocks } = parsed.value.document;
  if (Object.keys(blocks).length === 0) return failure(problem('block/none-in-file'));
  return success({ blocks, repairs: parsed.value.repairs });
}
