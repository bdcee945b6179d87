/** Nodes and wires of a file: read one by one, what dangles left out and reported. */
import { printable } from '../params/printable';
import { problem, warning, type Problem } from '../problems/problem';
import { closedPorts } from './ports';
import { extraOf, type Reader } from './reader';
import { own, sortedRecord } from './record';
import { nodeKeys, wireKeys } from './serialise';
import { wireKey, type DocumentNode, type Endpoint, type GraphDocument, type Wire } from './types';

/** The nodes of a list by id; an id that comes twice is refused. */
export function readNodes(reader: Reader, value: unknown): GraphDocument['nodes'] {
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

export function readNode(reader: Reader, value: unknown, place: string): DocumentNode {
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

/** The wires of a document; those that dangle are left out, and gaps between numbered ports are closed. */
export function readWires(
  reader: Reader,
  value: unknown,
  nodes: GraphDocument['nodes'],
  repairs: Problem[],
): GraphDocument['wires'] {
  const wires = readWireList(reader, value, 'wires', nodes, repairs);
  return sortedRecord(closeGaps(wires, repairs).map((wire) => [wireKey(wire.to), wire]));
}

/** The wires of a list that join nodes of the record, one for each input port. */
export function readWireList(
  reader: Reader,
  value: unknown,
  listPlace: string,
  nodes: Readonly<Record<string, unknown>>,
  repairs: Problem[],
): readonly Wire[] {
  const wires = new Map<string, Wire>();
  for (const [index, each] of reader.list(value, listPlace).entries()) {
    const place = `${listPlace}[${index}]`;
    const wire = readWire(reader, each, place);
    if (reader.problem !== undefined) break;
    const [id, port] = wire.to;
    const missing = [wire.from[0], id].find((end) => !Object.hasOwn(nodes, end));
    if (missing !== undefined) {
      repairs.push(warning('file/wire-to-nowhere', { place, id: printable(missing) }));
    } else if (wires.has(wireKey(wire.to))) {
      repairs.push(portTakenTwice(place, [id, port]));
    } else {
      wires.set(wireKey(wire.to), wire);
    }
  }
  return [...wires.values()];
}

/** A second wire on an input port, left out. */
export function portTakenTwice(place: string, [id, port]: Endpoint): Problem {
  return warning('file/port-taken-twice', { place, id, port: printable(port) }, { node: id, port });
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
