/** The user's blocks of a file, and those that stand expanded: read with the same care as nodes and wires. */
import { printable } from '../params/printable';
import { problem, warning, type Problem } from '../problems/problem';
import { innerFirst } from './blocks';
import { livingGroups } from './groups';
import { portTakenTwice, readNode, readWireList } from './read-graph';
import { extraOf, type Reader } from './reader';
import { own, sortedRecord } from './record';
import { blockGraphKeys, blockKeys, exposedKeys, groupKeys, nodeKeys } from './serialise';
import {
  wireKey,
  type BlockDefinition,
  type BlockGraph,
  type BlockGroup,
  type BlockPart,
  type Endpoint,
  type ExposedParam,
  type GraphDocument,
  type Wire,
} from './types';

/** The blocks by id; an id that comes twice and a block that contains itself are refused. */
export function readBlocks(reader: Reader, value: unknown, repairs: Problem[]): GraphDocument['blocks'] {
  const blocks = new Map<string, BlockDefinition>();
  const found: Problem[] = [];
  for (const [index, each] of reader.optionalList(value, 'blocks').entries()) {
    const place = `blocks[${index}]`;
    const block = readBlock(reader, each, place, found);
    if (blocks.has(block.id))
      reader.refuse(problem('file/duplicate-id', { place: `${place}.id`, id: block.id }));
    if (reader.problem !== undefined) break;
    blocks.set(block.id, block);
  }
  repairs.push(...found.map(withoutNode));
  const read = sortedRecord(blocks);
  const [recursive] = innerFirst(read).recursive;
  if (recursive !== undefined) reader.refuse(problem('block/recursive', { name: recursive.name }));
  return read;
}

/** Parts are no nodes of the document, so that a problem cannot show at one. */
function withoutNode({ code, args }: Problem): Problem {
  return warning(code, args);
}

function readBlock(reader: Reader, value: unknown, place: string, repairs: Problem[]): BlockDefinition {
  const block = reader.object(value, place);
  const graph = readGraph(reader, own(block, 'graph'), `${place}.graph`, repairs);
  const parts = new Set(graph.nodes.map(({ id }) => id));
  const exposed = reader.optionalList(own(block, 'exposed'), `${place}.exposed`);
  return {
    id: reader.id(own(block, 'id'), `${place}.id`),
    name: reader.text(own(block, 'name'), `${place}.name`),
    graph,
    exposed: exposed.map((each, index) => readExposed(reader, each, `${place}.exposed[${index}]`, parts)),
    ...extraOf(block, blockKeys),
  };
}

function readExposed(
  reader: Reader,
  value: unknown,
  place: string,
  parts: ReadonlySet<string>,
): ExposedParam {
  const exposed = reader.object(value, place);
  return {
    name: reader.text(own(exposed, 'name'), `${place}.name`),
    part: reader.part(own(exposed, 'part'), `${place}.part`, parts),
    param: reader.text(own(exposed, 'param'), `${place}.param`),
    ...extraOf(exposed, exposedKeys),
  };
}

function readGraph(reader: Reader, value: unknown, place: string, repairs: Problem[]): BlockGraph {
  const graph = reader.object(value, place);
  const nodes = new Map<string, BlockPart>();
  for (const [index, each] of reader.list(own(graph, 'nodes'), `${place}.nodes`).entries()) {
    const at = `${place}.nodes[${index}]`;
    const part = readPart(reader, each, at);
    if (nodes.has(part.id)) reader.refuse(problem('file/duplicate-id', { place: `${at}.id`, id: part.id }));
    if (reader.problem !== undefined) break;
    nodes.set(part.id, part);
  }
  const parts = Object.fromEntries(nodes);
  const wires = readWireList(reader, own(graph, 'wires'), `${place}.wires`, parts, repairs);
  return {
    nodes: [...nodes.values()],
    wires,
    inputs: readInputs(reader, own(graph, 'inputs'), `${place}.inputs`, { nodes: parts, wires }, repairs),
    output: reader.part(own(graph, 'output'), `${place}.output`, new Set(nodes.keys())),
    ...extraOf(graph, blockGraphKeys),
  };
}

function readPart(reader: Reader, value: unknown, place: string): BlockPart {
  const part = reader.object(value, place);
  const name = own(part, 'name');
  return {
    id: reader.id(own(part, 'id'), `${place}.id`),
    type: reader.text(own(part, 'type'), `${place}.type`),
    ...(name !== undefined && { name: reader.text(name, `${place}.name`) }),
    position: reader.position(own(part, 'position'), `${place}.position`),
    params: reader.optionalObject(own(part, 'params'), `${place}.params`),
    ...extraOf(part, nodeKeys),
  };
}

interface Fed {
  readonly nodes: Readonly<Record<string, unknown>>;
  readonly wires: readonly Wire[];
}

/** What each input port feeds; ports of no part, and those that are fed already, are left out. */
function readInputs(
  reader: Reader,
  value: unknown,
  place: string,
  { nodes, wires }: Fed,
  repairs: Problem[],
) {
  const taken = new Set(wires.map(({ to }) => wireKey(to)));
  const ports = Object.entries(reader.object(value, place)).map(([port, list]) => {
    const at = `${place}[${printable(port)}]`;
    const endpoints = reader.list(list, at).flatMap((each, index): readonly Endpoint[] => {
      const endpoint = reader.endpoint(each, `${at}[${index}]`);
      const key = wireKey(endpoint);
      if (!Object.hasOwn(nodes, endpoint[0])) {
        repairs.push(
          warning('file/wire-to-nowhere', { place: `${at}[${index}]`, id: printable(endpoint[0]) }),
        );
        return [];
      }
      if (taken.has(key)) {
        repairs.push(portTakenTwice(`${at}[${index}]`, endpoint));
        return [];
      }
      taken.add(key);
      return [endpoint];
    });
    return [port, endpoints] as const;
  });
  return sortedRecord(ports);
}

/** Expanded blocks by id; one whose parts are gone, or whose id another node took, is left out. */
export function readGroups(
  reader: Reader,
  value: unknown,
  nodes: GraphDocument['nodes'],
  repairs: Problem[],
): GraphDocument['groups'] {
  const groups = new Map<string, BlockGroup>();
  const found: Problem[] = [];
  for (const [index, each] of reader.optionalList(value, 'groups').entries()) {
    const place = `groups[${index}]`;
    const group = readGroup(reader, each, place, found);
    if (groups.has(group.id))
      reader.refuse(problem('file/duplicate-id', { place: `${place}.id`, id: group.id }));
    if (reader.problem !== undefined) break;
    groups.set(group.id, group);
  }
  repairs.push(...found.map(withoutNode));
  const kept = [...livingGroups([...groups.values()], nodes)];
  const originals = new Set<string>();
  const isFree = ({ node }: BlockGroup) => !Object.hasOwn(nodes, node.id) && !originals.has(node.id);
  const usable = kept.filter((group) => isFree(group) && originals.add(group.node.id));
  if (usable.length < groups.size)
    repairs.push(warning('file/groups-left-out', { count: groups.size - usable.length }));
  return sortedRecord(usable.map((group) => [group.id, group]));
}

function readGroup(reader: Reader, value: unknown, place: string, repairs: Problem[]): BlockGroup {
  const group = reader.object(value, place);
  const entries = Object.entries(reader.object(own(group, 'members'), `${place}.members`));
  const members = entries.map(
    ([part, node]) => [part, readNode(reader, node, `${place}.members[${printable(part)}]`)] as const,
  );
  const nodes = Object.fromEntries(members.map(([, node]) => [node.id, node]));
  const wires = readWireList(reader, own(group, 'wires'), `${place}.wires`, nodes, repairs);
  return {
    id: reader.id(own(group, 'id'), `${place}.id`),
    node: readNode(reader, own(group, 'node'), `${place}.node`),
    members: sortedRecord(members),
    wires,
    inputs: readInputs(reader, own(group, 'inputs'), `${place}.inputs`, { nodes, wires }, repairs),
    output: reader.part(own(group, 'output'), `${place}.output`, new Set(Object.keys(nodes))),
    ...extraOf(group, groupKeys),
  };
}
