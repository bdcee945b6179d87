/** Random edits: small numbers that become commands on whatever the document holds at that moment. */
import fc from 'fast-check';
import type { Command } from '@shared/document/commands';
import type { DocumentNode, Endpoint, GraphDocument, Position, Wire } from '@shared/document/types';
import type { Json, JsonObject } from '@shared/util/json';

export type Choose = <T>(items: readonly T[]) => T | undefined;

export interface Intent {
  readonly kind: Command['kind'];
  /** Picks nodes, ports and wires. */
  readonly picks: readonly number[];
  readonly flag: boolean;
  readonly position: Position;
  readonly name: string;
  readonly value: Json;
}

const types = ['Input', 'Conv2D', 'MaxPooling2D', 'Add', 'Concatenate', 'Слой', 'Output'];
const ports = ['in', 'in0', 'in1', 'in2', 'in7'];

/** A JSON value that JSON text can hold: -0 is written as 0. */
export const json: fc.Arbitrary<Json> = fc
  .jsonValue({ maxDepth: 2 })
  .map((value) => JSON.parse(JSON.stringify(value)) as Json);

const coordinate = fc.integer({ min: -5000, max: 5000 });

export const intent: fc.Arbitrary<Intent> = fc.record({
  kind: fc.constantFrom(
    ...([
      'addNode',
      'addNode',
      'addNode',
      'connect',
      'connect',
      'connect',
      'disconnect',
      'removeNodes',
    ] as const),
    ...(['moveNodes', 'renameNode', 'setParam', 'insertOnWire', 'paste', 'setTraining', 'batch'] as const),
  ),
  picks: fc.array(fc.nat(1000), { minLength: 8, maxLength: 8 }),
  flag: fc.boolean(),
  position: fc.record({ x: coordinate, y: coordinate }),
  name: fc.oneof(fc.constantFrom('', 'a', 'b', 'conv2d_1', 'conv2d_2'), fc.string({ unit: 'grapheme' })),
  value: json,
});

/** The command that an intent means in this document; undefined where nothing there fits it. */
export function commandOf(document: GraphDocument, { kind, picks, flag, position, name, value }: Intent) {
  let next = 0;
  const choose: Choose = (items) => items[(picks[next++ % picks.length] ?? 0) % Math.max(items.length, 1)];
  const nodes = Object.values(document.nodes);
  const wires = Object.values(document.wires);
  const type = choose(types) ?? 'Add';
  const params: JsonObject = flag ? { filters: value } : {};
  const some = nodes.filter((_node, index) => ((picks[index % picks.length] ?? 0) + index) % 3 === 0);
  const node = choose(nodes);
  const wire = choose(wires);
  const build: Record<Command['kind'], () => Command | undefined> = {
    addNode: () => ({ kind, type, position, params }) as Command,
    removeNodes: () => ({ kind: 'removeNodes', nodes: some.map((each) => each.id), heal: flag }),
    moveNodes: () => ({
      kind: 'moveNodes',
      positions: Object.fromEntries(some.map((each) => [each.id, position])),
    }),
    renameNode: () => node && { kind: 'renameNode', node: node.id, name },
    setParam: () =>
      node && { kind: 'setParam', node: node.id, param: choose(['filters', 'x']) ?? 'x', value },
    connect: () => connectOf(nodes, choose),
    disconnect: () => wire && { kind: 'disconnect', to: wire.to },
    insertOnWire: () => wire && { kind: 'insertOnWire', to: wire.to, type, position, params },
    paste: () => ({ kind: 'paste', nodes: some, wires, offset: position }),
    setTraining: () => ({ kind: 'setTraining', setting: choose(['epochs', 'seed']) ?? 'seed', value }),
    batch: () => batchOf(wires, nodes, choose),
  };
  return build[kind]();
}

function connectOf(nodes: readonly DocumentNode[], choose: Choose): Command | undefined {
  const [from, to] = [choose(nodes), choose(nodes)];
  return from && to && { kind: 'connect', from: [from.id, 'out'], to: [to.id, choose(ports) ?? 'in'] };
}

/** Two different wires away, one drawn. */
function batchOf(wires: readonly Wire[], nodes: readonly DocumentNode[], choose: Choose): Command {
  const ends = new Map<string, Endpoint>();
  for (const wire of [choose(wires), choose(wires)]) if (wire) ends.set(wire.to.join('.'), wire.to);
  const connect = connectOf(nodes, choose);
  return {
    kind: 'batch',
    commands: [
      ...[...ends.values()].map((to): Command => ({ kind: 'disconnect', to })),
      ...(connect === undefined ? [] : [connect]),
    ],
  };
}
