/** Texts become documents: read whole where that is safe, mended and reported, or refused with the place. */
import { printable } from '../params/printable';
import { problem, type Problem } from '../problems/problem';
import { required } from '../util/assert';
import { isJsonObject, type JsonObject } from '../util/json';
import { failure, success, type Result } from '../util/result';
import { countIds } from './ids';
import { scanJson, type JsonFault } from './json-scan';
import { readBlocks, readGroups } from './read-blocks';
import { readNodes, readWires } from './read-graph';
import { extraOf, Reader } from './reader';
import { own } from './record';
import { documentKeys } from './serialise';
import { FORMAT, MAX_DOCUMENT_BYTES, VERSION, type GraphDocument } from './types';

export interface ParsedDocument {
  readonly document: GraphDocument;
  /** What was left out or changed so that the rest could be opened, as warnings. */
  readonly repairs: readonly Problem[];
}

const MAX_DEPTH = 100;

/**
 * The document of a file's text; never throws. Node types and parameters are not looked at here: those that this
 * version does not know are kept, and the analysis reports them.
 */
export function parseDocument(text: string): Result<ParsedDocument, Problem> {
  const size = utf8Length(text);
  if (size > MAX_DOCUMENT_BYTES)
    return failure(problem('file/too-large', { size, limit: MAX_DOCUMENT_BYTES }));
  // Editors on Windows may put a byte order mark first.
  const json = text.replace(/^\uFEFF/, '');
  const fault = scanJson(json, MAX_DEPTH);
  if (fault !== undefined) return failure(faultProblem(json, fault));
  const root: unknown = JSON.parse(json);
  const format = isJsonObject(root) ? own(root, 'format') : root;
  if (!isJsonObject(root) || format !== FORMAT) {
    return failure(problem('file/wrong-format', { format: printable(format) }));
  }
  const reader = new Reader();
  const version = reader.version(own(root, 'version'), 'version');
  if (version > VERSION) return failure(problem('file/wrong-version', { version, supported: VERSION }));
  const repairs: Problem[] = [];
  const document = readDocument(reader, root, repairs);
  return reader.problem === undefined ? success({ document, repairs }) : failure(reader.problem);
}

function readDocument(reader: Reader, root: JsonObject, repairs: Problem[]): GraphDocument {
  const nodes = readNodes(reader, own(root, 'nodes'));
  const wires = readWires(reader, own(root, 'wires'), nodes, repairs);
  const blocks = readBlocks(reader, own(root, 'blocks'), repairs);
  const groups = readGroups(reader, own(root, 'groups'), nodes, repairs);
  const kept = Object.values(groups).flatMap(({ node, members }) => [node, ...Object.values(members)]);
  const template = own(root, 'template');
  const ids = [nodes, blocks, groups].flatMap((record) => Object.keys(record));
  return {
    nodes,
    wires,
    blocks,
    groups,
    ...(template !== undefined && { template: reader.text(template, 'template') }),
    training: reader.optionalObject(own(root, 'training'), 'training'),
    lastIds: countIds(readLastIds(reader, own(root, 'lastIds')), [...ids, ...kept.map(({ id }) => id)]),
    ...extraOf(root, documentKeys),
  };
}

function readLastIds(reader: Reader, value: unknown): GraphDocument['lastIds'] {
  const entries = Object.entries(reader.optionalObject(value, 'lastIds'));
  return Object.fromEntries(
    entries.map(([prefix, last]) => [prefix, reader.counter(last, `lastIds[${printable(prefix)}]`)]),
  );
}

function faultProblem(text: string, { kind, index }: JsonFault): Problem {
  const before = text.slice(0, index).split('\n');
  const place = { line: before.length, column: required(before.at(-1), 'a line').length + 1 };
  if (kind === 'depth') return problem('file/too-deep', { ...place, limit: MAX_DEPTH });
  const character = text.codePointAt(index);
  return character === undefined
    ? problem('file/not-json', { reason: 'END', ...place })
    : problem('file/not-json', {
        reason: 'CHARACTER',
        ...place,
        character: printable(String.fromCodePoint(character)),
      });
}

/** Bytes of the text in UTF-8; each half of a surrogate pair counts two. */
function utf8Length(text: string): number {
  let length = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    const isSurrogate = unit >= 0xd800 && unit <= 0xdfff;
    if (unit < 0x80) length += 1;
    else length += unit < 0x800 || isSurrogate ? 2 : 3;
  }
  return length;
}
