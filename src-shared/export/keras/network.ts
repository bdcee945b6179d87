/** The whole network as Keras layers, named and in Keras's own order. */
import { required } from '../../util/assert';
import { snakeCase } from '../../util/case';
import type { Shape } from '../../ir/types';
import type { JsonObject } from '../../util/json';
import type { ExportLayer, ExportModel } from '../model';
import type { SupportIssue } from '../target';
import { type KerasStage, type KerasStages, stages, type TranslateContext } from './layer';
import { kerasTable } from './table';

/** A layer in its place. */
export interface KerasLayer {
  /** Path of the node that it stands for, alone or with others. */
  readonly node: string;
  readonly className: string;
  readonly name: string;
  readonly config: JsonObject;
  /** Absent for layers without weights, some of which do not take the argument. */
  readonly isTrainable?: boolean;
  /** Names of the layers that feed it, in order. */
  readonly inputs: readonly string[];
  /** In Keras's order: the last part of each name (`kernel`), and the name that the weight has with us. */
  readonly weights: readonly { readonly role: string; readonly weight: string }[];
  /** Of one sample. */
  readonly outputShape: Shape;
}

export interface KerasNetwork {
  /** The order in which Keras keeps them, and by which files are read: it counts, names do not. */
  readonly layers: readonly KerasLayer[];
  readonly input: string;
  readonly output: string;
}

/** Names of layers from names of nodes, unique and fit for the format, in order. */
export type NameLayers = (
  nodes: readonly { readonly name: string; readonly path: string }[],
) => readonly string[];

const activations = { softmax: 'softmax', sigmoid: 'sigmoid', identity: 'linear' } as const;

/** Why Keras has nothing that does the same; undefined where it has. */
export function kerasSupport(layer: ExportLayer): SupportIssue | undefined {
  const translated = translate(layer, { isNonNegative: false });
  return translated.ok ? undefined : translated.issue;
}

/** Call only where every layer is supported. */
export function kerasNetwork(model: ExportModel, nameLayers: NameLayers): KerasNetwork {
  const placed = model.layers.flatMap((node) =>
    stagesOf(model, node).map((stage, index, all) => ({ node, stage, isLast: index === all.length - 1 })),
  );
  const names = nameLayers(
    placed.map(({ node: { name, path }, stage: { suffix } }) =>
      suffix === undefined ? { name, path } : { name: `${name} ${suffix}`, path: `${path}_${suffix}` },
    ),
  );
  const outputs = new Map<string, string>();
  const layers = placed.map(({ node, stage, isLast }, index): KerasLayer => {
    const name = required(names[index], 'the name of a layer');
    const isFirst = placed[index - 1]?.node !== node;
    const feeds = node.inputs.map(({ layer }) => required(outputs.get(layer), `the layer of ${layer}`));
    const inputs = isFirst ? feeds : [required(names[index - 1], 'the layer before')];
    if (isLast) outputs.set(node.path, name);
    return { node: node.path, ...layerOf(node, stage), name, inputs };
  });
  const input = required(outputs.get(model.input.path), 'the input layer');
  const output = required(outputs.get(model.output.path), 'the output layer');
  return { layers: inKerasOrder(layers, output), input, output };
}

/**
 * By path of the node, the folder in which Keras keeps its variables: named by class, and the number among those of the
 * class in Keras's order. Nodes without weights are not in it.
 */
export function variableFolders(model: ExportModel): ReadonlyMap<string, string> {
  const names: NameLayers = (nodes) => nodes.map((_, index) => String(index));
  const folders = new Map<string, string>();
  if (model.layers.some((layer) => kerasSupport(layer) !== undefined)) return folders;
  const counts = new Map<string, number>();
  for (const { node, className, weights } of kerasNetwork(model, names).layers) {
    const base = snakeCase(className);
    const count = counts.get(base) ?? 0;
    counts.set(base, count + 1);
    if (weights.length > 0) folders.set(node, count === 0 ? base : `${base}_${count}`);
  }
  return folders;
}

function layerOf(node: ExportLayer, { className, config, weights = [], outputShape }: KerasStage) {
  return {
    ...{ className, config, outputShape: outputShape ?? node.outputShape },
    ...(weights.length > 0 && { isTrainable: !node.weights.some(isFrozen) }),
    weights: weights.map((role) => {
      const weight = required(
        node.weights.find((each) => each.role === role),
        `the ${role} of ${node.path}`,
      );
      return { role: weight.name.slice(node.path.length + 1), weight: weight.name };
    }),
  };
}

function isFrozen({ role, isTrainable }: ExportLayer['weights'][number]): boolean {
  return !isTrainable && !role.startsWith('moving');
}

function stagesOf(model: ExportModel, node: ExportLayer): readonly KerasStage[] {
  if (node === model.input) {
    return [{ className: 'InputLayer', config: { batch_shape: [null, ...node.outputShape] } }];
  }
  if (node === model.output) {
    return [{ className: 'Activation', config: { activation: activations[model.outputActivation] } }];
  }
  const isNonNegative = node.inputs.every(({ layer }) => givesNoNegative(model, layer));
  const translated = translate(node, { isNonNegative });
  return translated.ok ? translated.stages : [];
}

function translate(layer: ExportLayer, context: TranslateContext): KerasStages {
  const { type } = layer;
  // They are no layers of their own, but any model has them.
  if (type === 'Input' || type === 'Output') return stages({ className: type, config: {} });
  const found = Object.hasOwn(kerasTable, type) ? kerasTable[type] : undefined;
  return (
    found?.(layer, context) ?? {
      ok: false,
      issue: { code: 'export/layer-unsupported', args: { target: 'Keras' } },
    }
  );
}

/** Layers that keep values that are not negative as they are. */
const keepsSign = new Set([
  'MaxPooling2D',
  'AveragePooling2D',
  'Dropout',
  'SpatialDropout2D',
  'Concatenate',
  'Add',
  'Average',
  'Maximum',
  'Multiply',
  'ZeroPadding2D',
  'Cropping2D',
  'Reshape',
  'UpSampling2D',
]);

/** Whether nothing that the layer gives is negative, as far as its kind and those before it tell. */
function givesNoNegative(model: ExportModel, path: string): boolean {
  const seen = new Set<string>();
  const open = [path];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const at = next;
    const layer = required(
      model.layers.find((each) => each.path === at),
      `the layer ${at}`,
    );
    const { activation } = layer.params;
    const isPositive = layer.type === 'Activation' && (activation === 'relu' || activation === 'sigmoid');
    if (isPositive || layer.type === 'Softmax' || layer.type === 'Input') continue;
    if (!keepsSign.has(layer.type)) return false;
    open.push(...layer.inputs.map((input) => input.layer));
  }
  return true;
}

/**
 * By the longest way to the output, ties as a walk from the output meets them (map_graph in keras/src/ops/function.py):
 * what Keras makes of a model when it reads it, and then reads weights by. It depends on nothing but what feeds what.
 */
export function inKerasOrder<L extends Pick<KerasLayer, 'name' | 'inputs'>>(
  layers: readonly L[],
  output: string,
): readonly L[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const depths = new Map<string, number>();
  for (const { name, inputs } of [...layers].reverse()) {
    const depth = depths.get(name) ?? 0;
    for (const input of inputs) depths.set(input, Math.max(depths.get(input) ?? 0, depth + 1));
  }
  const met = new Map<string, number>();
  const open = [output];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (met.has(next)) continue;
    met.set(next, met.size);
    open.push(...[...(byName.get(next)?.inputs ?? [])].reverse());
  }
  const depthOf = ({ name }: L): number => depths.get(name) ?? 0;
  const metAt = ({ name }: L): number => met.get(name) ?? 0;
  return [...layers].sort((a, b) => depthOf(b) - depthOf(a) || metAt(a) - metAt(b));
}
