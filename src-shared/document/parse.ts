/** Texts become documents: read whole where that is safe, mended and reported, or refused with the place. */
import { printable } from '../params/printable';
import { problem, warning, type Problem } from '../problems/problem';
import { required } from '../util/assert';
import { isJsonObject, type JsonObject } from '../util/json';
import { failure, success, type Result } from '../util/result';
import { countIds } from './ids';
import { scanJson, type JsonFault } from './json-scan';
import { closedPorts } from './ports';
import { extraOf, Reader } from './reader';
import { own, sortedRecord } from './record';
import { documentKeys, nodeKeys, wireKeys } from './serialise';
import {
  FORMAT,
  MAX_DOCUMENT_BYTES,
  VERSION,
  wireKey,
  type DocumentNode,
  type GraphDocument,
  type Wire,
} from './types';

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
  return {
    nodes,
    wires,
    training: reader.optionalObject(own(root, 'training'), 'training'),
    lastIds: countIds(readLastIds(reader, own(root, 'lastIds')), Object.keys(nodes)),
    ...extraOf(root, documentKeys),
  };
}

function readNodes(reader: Reader, value: unknown): GraphDocument['nodes'] {
  const nodes = new Map<string, DocumentNode>();
  for (const [index, each] of reader.list(value, 'nodes').entries()) {
    const place = `nodes[${index}]`;
    const node = readNode(reader, each, place);
    if (nodes.has(node.id))
      reader.refuse(problem('file/duplicate-id', { place: `${place}.id`, id: node.id }));
    if (reader.problem !== undefined) break;
    nodes.set(node.id, node);
  }
  return sortedRecord(nodes);
}

function readNode(reader: Reader, value: unknown, place: string): DocumentNode {
  const node = reader.object(value, place);
  return {
    id: reader.id(own(node, 'id'), `${place}.id`),
    type: reader.text(own(node, 'type'), `${place}.type`),
    name: reader.text(own(node, 'name'), `${place}.name`),
    position: reader.position(own(node, 'position'), `${place}.position`),
    params: reader.optionalObject(own(node, 'params'), `${place}.params`),
    ...extraOf(node, nodeKeys),
  };
}

function readWires(
  reader: Reader,
  value: unknown,
  nodes: GraphDocument['nodes'],
  repairs: Problem[],
): GraphDocument['wires'] {
  const wires = new Map<string, Wire>();
  for (const [index, each] of reader.list(value, 'wires').entries()) {
    const place = `wires[${index}]`;
    const wire = readWire(reader, each, place);
    if (reader.problem !== undefined) break;
    const [id, port] = wire.to;
    const missing = [wire.from[0], id].find((end) => !Object.hasOwn(nodes, end));
    if (missing !== undefined) {
      repairs.push(warning('file/wire-to-nowhere', { place, id: printable(missing) }));
    } else if (wires.has(wireKey(wire.to))) {
      repairs.push(
        warning('file/port-taken-twice', { place, id, port: printable(port) }, { node: id, port }),
      );
    } else {
      wires.set(wireKey(wire.to), wire);
    }
  }
  return sortedRecord(closeGaps([...wires.values()], repairs).map((wire) => [wireKey(wire.to), wire]));
}

function readWire(reader: Reader, value: unknown, place: string): Wire {
  const wire = reader.object(value, place);
  return {
    from: reader.endpoint(own(wire, 'from'), `${place}.from`),
    to: reader.endpoint(own(wire, 'to'), `${place}.to`),
    ...extraOf(wire, wireKeys),
  };
}

/** Commands keep numbered ports without gaps; a file, above all one with a wire left out, may have some. */
function closeGaps(wires: readonly Wire[], repairs: Problem[]): readonly Wire[] {
  const byNode = new Map<string, Wire[]>();
  for (const wire of wires) {
    const known = byNode.get(wire.to[0]);
    if (known === undefined) byNode.set(wire.to[0], [wire]);
    else known.push(wire);
  }
  return [...byNode].flatMap(([id, inputs]) => {
    const ports = closedPorts(inputs.map(({ to }) => to[1]));
    if ([...ports].every(([port, closed]) => port === closed)) return inputs;
    repairs.push(warning('file/inputs-renumbered', { id }, { node: id }));
    return inputs.map((wire): Wire => ({ ...wire, to: [id, ports.get(wire.to[1]) ?? wire.to[1]] }));
  });
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
