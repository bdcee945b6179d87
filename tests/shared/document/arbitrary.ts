/** Random edits: small numbers that become commands on whatever the document holds at that moment. */
import fc from 'fast-check';
import type { Command } from '@shared/document/commands';
import { blocksUsedBy } from '@shared/document/blocks';
import type {
  BlockDefinition,
  BlockGraph,
  DocumentNode,
  Endpoint,
  GraphDocument,
  Position,
  Wire,
} from '@shared/document/types';
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
    ...(['expandBlock', 'expandBlock', 'collapseGroup', 'collapseGroup', 'packNodes', 'packNodes'] as const),
    ...(['forgetGroup', 'addBlocks', 'renameBlock', 'removeBlocks'] as const),
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
    paste: () => ({
      kind: 'paste',
      nodes: some,
      wires,
      offset: position,
      ...(flag && { blocks: blocksUsedBy(document.blocks, some) }),
    }),
    setTraining: () => ({ kind: 'setTraining', setting: choose(['epochs', 'seed']) ?? 'seed', value }),
    batch: () => batchOf(wires, nodes, choose),
    ...blockCommands(document, { some, node, choose, flag, name, position }),
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

interface Picked {
  readonly some: readonly DocumentNode[];
  readonly node: DocumentNode | undefined;
  readonly choose: Choose;
  readonly flag: boolean;
  readonly name: string;
  readonly position: Position;
}

function blockCommands(document: GraphDocument, { some, node, choose, flag, name, position }: Picked) {
  const nodes = some.map(({ id }) => id);
  const group = choose(Object.keys(document.groups));
  const block = choose(Object.values(document.blocks));
  const openInputs = nodes.map((id): Endpoint => [id, 'open']);
  return {
    expandBlock: () =>
      node && {
        kind: 'expandBlock' as const,
        node: node.id,
        graph: graphFor(document, node, flag, position),
      },
    collapseGroup: () => (group === undefined ? group : { kind: 'collapseGroup' as const, group }),
    forgetGroup: () => (group === undefined ? group : { kind: 'forgetGroup' as const, group }),
    packNodes: () =>
      nodes.length === 0
        ? undefined
        : {
            kind: 'packNodes' as const,
            nodes,
            name,
            exposed: flag ? [{ name: 'size', part: nodes[0] ?? '', param: 'filters' }] : [],
            ...(flag && { openInputs }),
            ...(flag && block && { replaces: block.id }),
          },
    addBlocks: () => block && { kind: 'addBlocks' as const, blocks: foreign(document, block, flag) },
    renameBlock: () => block && { kind: 'renameBlock' as const, block: block.id, name },
    removeBlocks: () => block && { kind: 'removeBlocks' as const, blocks: [block.id] },
  };
}

/** Two or three parts in a row; each wired port of the node feeds the first, and one of them the last too. */
function graphFor(
  { wires }: GraphDocument,
  { id }: DocumentNode,
  isLong: boolean,
  position: Position,
): BlockGraph {
  const ports = Object.values(wires).flatMap(({ to }) => (to[0] === id ? [to[1]] : []));
  const ids = isLong ? ['a', 'b', 'c'] : ['a', 'c'];
  const types = ['Conv2D', 'Concatenate', 'Add'];
  return {
    nodes: ids.map((part, index) => ({ id: part, type: types[index] ?? 'Add', position, params: { index } })),
    wires: ids.slice(1).map((part, index) => ({ from: [ids[index] ?? '', 'out'], to: [part, 'side'] })),
    inputs: Object.fromEntries(
      ports.map((port, index) => [
        port,
        [['a', `in${index}`] as const, ...(index === 0 ? [['c', 'skip'] as const] : [])],
      ]),
    ),
    output: 'c',
  };
}

/** The block with what is in it, as another document might have it under the same ids. */
function foreign(
  document: GraphDocument,
  block: BlockDefinition,
  isChanged: boolean,
): GraphDocument['blocks'] {
  const inside = blocksUsedBy(document.blocks, block.graph.nodes);
  const exposed = isChanged ? [] : block.exposed;
  return { ...inside, [block.id]: { ...block, exposed } };
}
