/** The networks as documents for the engine, and as a list of layers for tfjs-layers. */
import { analyse } from '@shared/compile/analyse';
import { expansionOf, isExpandable } from '@shared/compile/expansion';
import { applyCommand, applyDiff } from '@shared/document/apply';
import type { Command } from '@shared/document/commands';
import type { GraphDocument } from '@shared/document/types';
import { definitionOf } from '@shared/nodes/resolve';
import { parseParams } from '@shared/params/fields';
import { templateOf } from '@shared/templates';
import { invariant, required } from '@shared/util/assert';
import type { JsonObject } from '@shared/util/json';
import { type BenchNetwork, inputOf, type BenchPrecision } from './networks';

/** The rate does not change how long a step takes; this one keeps all networks finite. */
const LEARNING_RATE = 0.01;

/** The peers' programs make the same flips and crops. */
const augmentation = { randomFlip: 'horizontal', randomCrop: 4 };

/** As a user trains it: images of the data set, resized in the graph where the network wants larger ones. */
export function epochDocument(
  network: BenchNetwork,
  precision: BenchPrecision,
  { epochs, isAugmented }: { readonly epochs: number; readonly isAugmented: boolean },
): GraphDocument {
  return trainedDocument(network, precision, { epochs, ...(isAugmented ? augmentation : {}) });
}

/** The same network on images that have its size already, as the peers get them. */
export function stepDocument(network: BenchNetwork, precision: BenchPrecision): GraphDocument {
  const document = trainedDocument(network, precision, {});
  const input = required(idOf(document, 'Input'), 'the input');
  const resizing = idOf(document, 'Resizing');
  if (resizing === undefined) return document;
  return [
    { kind: 'removeNodes', nodes: [resizing], heal: true } as const,
    { kind: 'setParam', node: input, param: 'shape', value: [...inputOf(network)] } as const,
  ].reduce(run, document);
}

/** One layer; `inputs` are the ids of the layers that feed it, in the order of its ports. */
export interface LayerDescription {
  readonly id: string;
  readonly type: string;
  readonly params: JsonObject;
  readonly inputs: readonly string[];
}

/** Blocks opened, parameters complete, every layer after those that feed it. */
export function layersOf(document: GraphDocument): readonly LayerDescription[] {
  const open = withoutBlocks(document);
  return analyse(open).order.map((id) => {
    const node = required(open.nodes[id], `node ${id}`);
    const { params } = required(definitionOf(open, node), `type ${node.type}`);
    const feeding = Object.values(open.wires)
      .filter(({ to }) => to[0] === id)
      .sort((a, b) => a.to[1].localeCompare(b.to[1], 'en', { numeric: true }));
    return {
      id,
      type: node.type,
      params: parseParams(params, node.params).values,
      inputs: feeding.map(({ from }) => from[0]),
    };
  });
}

/** Blocks may hold blocks: opened until there is none left. */
function withoutBlocks(document: GraphDocument): GraphDocument {
  const block = Object.keys(document.nodes).find((id) => isExpandable(document, id));
  if (block === undefined) return document;
  const graph = expansionOf(document, analyse(document), block);
  invariant(graph.ok, `${block} of a template cannot be opened`);
  return withoutBlocks(run(document, { kind: 'expandBlock', node: block, graph: graph.value }));
}

function trainedDocument(
  network: BenchNetwork,
  precision: BenchPrecision,
  settings: JsonObject,
): GraphDocument {
  const { id, batch, widthDivisor } = network;
  const document = required(templateOf(id), `template ${id}`).create({ widthDivisor });
  const training = {
    ...document.training,
    ...{ dataset: 'fashion-mnist', optimizer: 'sgd', learningRate: LEARNING_RATE },
    ...{ batchSize: batch, seed: 1 },
    precision,
    ...settings,
  };
  return { ...document, training };
}

function idOf({ nodes }: GraphDocument, type: string): string | undefined {
  return Object.values(nodes).find((node) => node.type === type)?.id;
}

function run(document: GraphDocument, command: Command): GraphDocument {
  const result = applyCommand(document, command);
  invariant(result.ok, `a template's ${command.kind} was refused`);
  return applyDiff(document, result.value);
}
