/** The network as calls in order, level by level: what the model's code consists of before functions are shared. */
import { kerasNames } from '../keras/names';
import type { KerasLayer } from '../keras/network';
import type { ExportBlock, ExportModel, ExportNode, LocalSource } from '../model';
import { pythonIdentifiers } from '../identifiers';
import { required } from '../../util/assert';
import { type Argument, argumentsOf } from './arguments';

/** Where a value comes from: a piece of the same level, or a port of the block around. */
export type Source =
  { readonly kind: 'piece'; readonly index: number } | { readonly kind: 'port'; readonly port: string };

/** A name below that of the block around, or one that has nothing to do with it. */
export interface Label {
  readonly name: string;
  readonly isBelow: boolean;
}

interface PieceBase {
  /** Python identifier for its value, unique in its level. */
  readonly variable: string;
  readonly label: Label;
  readonly inputs: readonly Source[];
}
export interface LayerPiece extends PieceBase {
  readonly kind: 'layer';
  readonly className: string;
  readonly arguments: readonly Argument[];
}
export interface BlockPiece extends PieceBase {
  readonly kind: 'block';
  readonly level: Level;
}
export type Piece = LayerPiece | BlockPiece;

/** The calls of a block, or of the whole network. */
export interface Level {
  /** What it is called, whatever its parameters: free text. */
  readonly title: string;
  readonly ports: readonly string[];
  readonly pieces: readonly Piece[];
  /** Index of the piece whose value is the level's. */
  readonly output: number;
}

/** Identifiers that the model's code uses itself. */
export const codeWords = ['x', 'name', 'inputs', 'outputs', 'layers', 'keras', 'np', 'model'];

/** The pieces of the nodes between Input and Output. `layers` are those of the Keras network. */
export function topLevel(model: ExportModel, layers: readonly KerasLayer[]): Level {
  const byNode = new Map<string, KerasLayer[]>();
  for (const layer of layers) byNode.set(layer.node, [...(byNode.get(layer.node) ?? []), layer]);
  const inner = model.nodes.filter((node) => node !== model.input && node !== model.output);
  const input = { port: 'inputs', id: model.input.id };
  const level = levelOf(inner, byNode, { prefix: '', ports: ['inputs'], input });
  const last = required(model.output.inputs[0], 'what the Output takes').source;
  return { title: 'model', ports: ['inputs'], ...level, output: level.indexOf(last) };
}

interface Surroundings {
  /** Name of the block around; empty for the network. */
  readonly prefix: string;
  readonly ports: readonly string[];
  /** The Input node, whose value is a port here. */
  readonly input?: { readonly port: string; readonly id: string };
}

function levelOf(
  nodes: readonly ExportNode[],
  byNode: ReadonlyMap<string, readonly KerasLayer[]>,
  { prefix, ports, input }: Surroundings,
) {
  const pieces: Piece[] = [];
  const ends = new Map<string, number>();
  const variables = pythonIdentifiers(
    nodes.map(({ localName, id }) => ({ name: localName, path: id })),
    [...codeWords, ...ports],
  );
  const sourceOf = (source: LocalSource): Source => {
    if (source.kind === 'port') return source;
    if (source.id === input?.id) return { kind: 'port', port: input.port };
    return { kind: 'piece', index: required(ends.get(source.id), `the value of ${source.id}`) };
  };
  nodes.forEach((node, position) => {
    const variable = required(variables[position], 'a variable');
    const inputs = node.inputs.map(({ source }) => sourceOf(source));
    if (node.kind === 'block') {
      const own = prefixOf(node);
      pieces.push({
        ...{ kind: 'block', variable, inputs, label: labelOf(own, prefix) },
        level: blockLevel(node, byNode, own),
      });
    } else {
      const layers = byNode.get(node.path) ?? [];
      pieces.push(...layerPieces(layers, { variable, inputs, prefix, at: pieces.length }));
    }
    ends.set(node.id, pieces.length - 1);
  });
  const indexOf = (source: LocalSource): number =>
    source.kind === 'port' ? -1 : (ends.get(source.id) ?? -1);
  return { pieces, indexOf };
}

interface Place {
  readonly variable: string;
  readonly inputs: readonly Source[];
  readonly prefix: string;
  /** Index of the first piece. */
  readonly at: number;
}

/** The layers of one node, each fed by the one before. */
function layerPieces(layers: readonly KerasLayer[], { variable, inputs, prefix, at }: Place): LayerPiece[] {
  return layers.map((layer, stage) => ({
    ...{ kind: 'layer', variable, className: layer.className },
    inputs: stage === 0 ? inputs : [{ kind: 'piece', index: at + stage - 1 }],
    arguments: argumentsOf(layer),
    label: labelOf(layer.name, prefix),
  }));
}

function blockLevel(
  block: ExportBlock,
  byNode: ReadonlyMap<string, readonly KerasLayer[]>,
  prefix: string,
): Level {
  const { nodes, output, inputs, definition } = block;
  const ports = inputs.map(({ port }) => port);
  const { pieces, indexOf } = levelOf(nodes, byNode, { prefix, ports });
  const index = indexOf({ kind: 'node', id: output });
  return { title: definition.title.en, ports, pieces, output: index };
}

/** As layers inside begin, unless a name was taken. */
function prefixOf({ name, path }: ExportBlock): string {
  return required(kerasNames([{ name, path }])[0], 'the name of a block');
}

function labelOf(name: string, prefix: string): Label {
  const start = `${prefix}_`;
  const isBelow = prefix !== '' && name.startsWith(start) && name.length > start.length;
  return { name: isBelow ? name.slice(start.length) : name, isBelow };
}
