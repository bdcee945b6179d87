/** From a document to the model that exporters are handed: blocks opened, parameters parsed, shapes and weights known. */
import { analyse } from '../compile/analyse';
import { inputsByPort } from '../compile/infer';
import { LoweringPass, type NodeToLower, WeightStore } from '../compile/lower';
import { type ReadyPart, walkParts } from '../compile/parts';
import { ancestorsOf, nodesOfType, topologyOf } from '../compile/topology';
import { portsToWire } from '../compile/wiring';
import { datasetOf } from '../datasets';
import { folderName, isFolderPath } from '../datasets/image-folder';
import { freeName, nameInside } from '../document/names';
import type { GraphDocument } from '../document/types';
import { GraphBuilder } from '../ir/builder';
import { withBatch } from '../ir/shape';
import type { Shape } from '../ir/types';
import type { LossName } from '../losses';
import { type CompositeDefinition, isComposite, type LayerDefinition } from '../nodes/define';
import { type Resolve, resolverOf } from '../nodes/resolve';
import { parseParams } from '../params/fields';
import type { Problem } from '../problems/problem';
import { parseTraining, type TrainingSettings } from '../training/settings';
import { invariant, required } from '../util/assert';
import { failure, type Result, success } from '../util/result';
import type { ExportBlock, ExportData, ExportLayer, ExportModel, ExportNode, ExportWeight } from './model';
import type { LocalSource } from './model';

/** What flows along a wire while the nodes are gone through. */
interface Value {
  readonly shape: Shape;
  /** Path of the layer that it comes from. */
  readonly layer: string;
  /** Where it comes from in the level at hand. */
  readonly source: LocalSource;
}

/** A node or part whose inputs are known. */
interface Placed extends Pick<ReadyPart, 'definition' | 'params'> {
  readonly id: string;
  readonly path: string;
  readonly name: string;
  readonly localName: string;
  readonly inputs: readonly Value[];
}

const activations: Readonly<Record<LossName, ExportModel['outputActivation']>> = {
  softmaxCrossEntropy: 'softmax',
  binaryCrossEntropy: 'sigmoid',
  meanSquaredError: 'identity',
};

/**
 * The network of a document called `name`, or everything that stands in the way of it. `classNames` are those of an
 * image folder, which the document does not know.
 */
export function exportModelOf(
  document: GraphDocument,
  name: string,
  classNames: readonly string[] = [],
): Result<ExportModel, readonly Problem[]> {
  const analysis = analyse(document);
  const { settings, problems } = parseTraining(document.training);
  const mistakes = [...analysis.problems.filter(({ severity }) => severity === 'error'), ...problems];
  if (mistakes.length > 0) return failure(mistakes);
  const nodes = new ModelBuilder(document).nodes();
  const layers = nodes.flatMap(layersOf);
  const only = (type: string) =>
    required(
      layers.find((layer) => layer.type === type),
      `the ${type} node`,
    );
  const input = only('Input');
  const output = only('Output');
  const classes = required(output.outputShape[0], 'the number of classes');
  const data = dataOf(settings, classes, classNames);
  const outputActivation = activations[settings.loss];
  return success({ name, nodes, layers, input, output, classes, outputActivation, data, settings });
}

function layersOf(node: ExportNode): readonly ExportLayer[] {
  return node.kind === 'layer' ? [node] : node.nodes.flatMap(layersOf);
}

function dataOf({ dataset }: TrainingSettings, classes: number, ofFolder: readonly string[]): ExportData {
  const names = datasetOf(dataset)?.classNames ?? ofFolder;
  const classNames = names.length === classes ? names : Array.from({ length: classes }, (_, i) => String(i));
  // Where a folder lies is nobody's business but the user's.
  const named = isFolderPath(dataset) ? folderName(dataset) : dataset;
  return { dataset: named, classNames, preprocessing: [{ kind: 'scale', factor: 1 / 255 }] };
}

class ModelBuilder {
  readonly #document: GraphDocument;
  readonly #resolve: Resolve;
  readonly #names = new Set<string>();

  constructor(document: GraphDocument) {
    this.#document = document;
    this.#resolve = resolverOf(document.blocks);
    for (const { name } of Object.values(document.nodes)) this.#names.add(name);
  }

  /** The nodes that lead to the Output, which the analysis has found to be without mistakes. */
  nodes(): readonly ExportNode[] {
    const topology = topologyOf(this.#document);
    const output = required(nodesOfType(this.#document, 'Output')[0], 'the Output node');
    const used = ancestorsOf(topology, output.id);
    const values = new Map<string, Value>();
    return topology.order
      .filter((id) => used.has(id))
      .map((id) => {
        const node = required(this.#document.nodes[id], `node ${id}`);
        const definition = required(this.#resolve(node), `node type ${node.type}`);
        const { values: params } = parseParams(definition.params, node.params);
        const inputs = (topology.incoming.get(id) ?? []).map(({ from }) =>
          required(values.get(from[0]), `the value of ${from[0]}`),
        );
        const { name } = node;
        const made = this.#node({ id, path: id, name, localName: name, definition, params, inputs });
        values.set(id, valueOf(made));
        return made;
      });
  }

  #node(placed: Placed): ExportNode {
    const { definition } = placed;
    return isComposite(definition) ? this.#block(placed, definition) : layer(placed, definition);
  }

  #block(placed: Placed, definition: CompositeDefinition): ExportBlock {
    const { path, params, inputs } = placed;
    const graph = definition.parts(
      params,
      inputs.map(({ shape }) => shape),
    );
    invariant(graph.ok, `${path} is exported with mistakes`);
    const ports = portsToWire(definition, inputs.length);
    const entering = inputs.map((value, index): Value => ({
      ...value,
      source: { kind: 'port', port: required(ports[index], 'an input port') },
    }));
    const nodes: ExportNode[] = [];
    walkParts(this.#resolve, graph.value, inputsByPort(definition, entering), (ready, sources) => {
      const made = this.#part(placed, ready, sources);
      nodes.push(made);
      return success(valueOf(made));
    });
    const { output } = graph.value;
    const last = required(
      nodes.find(({ id }) => id === output),
      `the output of ${path}`,
    );
    return { kind: 'block', ...common(placed), outputShape: last.outputShape, definition, nodes, output };
  }

  #part(block: Placed, { part, definition, params }: ReadyPart, inputs: readonly Value[]): ExportNode {
    const localName = part.name ?? part.id;
    const name = freeName(nameInside(block.name, localName), this.#names);
    this.#names.add(name);
    const path = `${block.path}/${part.id}`;
    return this.#node({ id: part.id, path, name, localName, definition, params, inputs });
  }
}

function common({ id, path, name, localName, definition, params, inputs }: Placed) {
  const ports = portsToWire(definition, inputs.length);
  return {
    ...{ id, path, name, localName, params },
    type: definition.type,
    inputs: inputs.map(({ source, layer }, index) => ({
      port: required(ports[index], 'an input port'),
      source,
      layer,
    })),
    inputShapes: inputs.map(({ shape }) => shape),
  };
}

function layer(placed: Placed, definition: LayerDefinition): ExportLayer {
  const { path, params, inputs } = placed;
  const shapes = inputs.map(({ shape }) => shape);
  const inferred = definition.infer(params, shapes);
  invariant(inferred.ok, `${path} is exported with mistakes`);
  const weights = weightsOf(
    { id: path, definition, params },
    definition.type === 'Input' ? [inferred.value] : shapes,
  );
  return { kind: 'layer', ...common(placed), outputShape: inferred.value, definition, weights };
}

/** Read off the lowered layer, as the compiler does it: nothing else knows them. */
function weightsOf(node: NodeToLower, inputs: readonly Shape[]): readonly ExportWeight[] {
  const b = new GraphBuilder();
  const store = new WeightStore(b);
  const images = inputs.map((shape, index) =>
    b.op('Placeholder', [], { dtype: 'float32', dims: withBatch(shape) }, { name: `input${index}` }),
  );
  new LoweringPass(b, store, null).lower(node, images);
  return store.all.map(({ name, spec: { role, dims }, isTrainable }) => ({ name, role, dims, isTrainable }));
}

/** The value of a block comes from the layer that gives it, however deep that lies. */
function valueOf(node: ExportNode): Value {
  return { shape: node.outputShape, layer: lastLayer(node), source: { kind: 'node', id: node.id } };
}

function lastLayer(node: ExportNode): string {
  if (node.kind === 'layer') return node.path;
  const { nodes, output, path } = node;
  return lastLayer(
    required(
      nodes.find(({ id }) => id === output),
      `the output of ${path}`,
    ),
  );
}
