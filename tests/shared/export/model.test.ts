/** The model that exporters are handed, against what the compiler makes of the same document. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { compileDocument } from '@shared/compile/compile';
import { exportModelOf } from '@shared/export/build-model';
import { inferenceGraph } from '@shared/export/inference-graph';
import {
  type ExportLayer,
  type ExportModel,
  type ExportNode,
  paramsAs,
  preprocess,
} from '@shared/export/model';
import conv2d from '@shared/nodes/convolution/conv2d';
import { analyse } from '@shared/compile/analyse';
import type { GraphDocument } from '@shared/document/types';
import { templateOf, templates } from '@shared/templates';
import { Chooser, decisions, validGraph } from '../random-graphs';

function modelOf(document: GraphDocument): ExportModel {
  const model = exportModelOf(document, 'test');
  if (!model.ok) throw new Error(JSON.stringify(model.error));
  return model.value;
}

/** Weights as the engine will have them: the program's variables without optimiser slots. */
function compiledWeights(document: GraphDocument) {
  const program = compileDocument(document);
  if (!program.ok) throw new Error(JSON.stringify(program.error));
  return program.value.variables
    .filter(({ role }) => role !== 'slot')
    .map(({ name, dims, role, isTrainable }) => ({ name, dims, role, isTrainable }));
}

function expectSameNetwork(document: GraphDocument): void {
  const model = modelOf(document);
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
  const weights = model.layers.flatMap((layer) => layer.weights);
  expect([...weights].sort(byName)).toEqual([...compiledWeights(document)].sort(byName));
  const analysis = analyse(document);
  for (const node of model.nodes) {
    if (node.type === 'Output') continue;
    expect(node.outputShape, node.path).toEqual(analysis.nodes[node.id]?.outputShape);
  }
  const graph = inferenceGraph(model);
  expect(graph.logits.dims).toEqual([-1, model.classes]);
  expect(graph.weights.map(({ name }) => name)).toEqual(weights.map(({ name }) => name));
}

function expectWholeLevels(nodes: readonly ExportNode[], ports: readonly string[]): void {
  const known = new Set<string>();
  for (const node of nodes) {
    for (const { source } of node.inputs) {
      if (source.kind === 'node') expect(known, node.path).toContain(source.id);
      else expect(ports, node.path).toContain(source.port);
    }
    if (node.kind === 'block')
      expectWholeLevels(
        node.nodes,
        node.inputs.map(({ port }) => port),
      );
    known.add(node.id);
  }
}

function expectWholeLayers(layers: readonly ExportLayer[]): void {
  const shapes = new Map<string, readonly number[]>();
  for (const { path, inputs, inputShapes, outputShape } of layers) {
    expect(
      inputs.map(({ layer }) => shapes.get(layer)),
      path,
    ).toEqual(inputShapes);
    shapes.set(path, outputShape);
  }
  expect(new Set(layers.map(({ name }) => name)).size).toBe(layers.length);
}

describe.each(templates.map(({ id }) => id))('%s', (id) => {
  it('has the weights and shapes of the compiled network', () => {
    const document = templateOf(id)?.create() as GraphDocument;
    expectSameNetwork(document);
    const model = modelOf(document);
    expectWholeLevels(model.nodes, []);
    expectWholeLayers(model.layers);
  });
});

test('random networks have the weights and shapes of the compiled ones', () => {
  fc.assert(
    fc.property(decisions, (numbers) => {
      const document = validGraph(new Chooser(numbers));
      expectSameNetwork(document);
      expectWholeLayers(modelOf(document).layers);
    }),
    { numRuns: 40 },
  );
});

test('parts of blocks bear their paths, and names that are unique', () => {
  const model = modelOf(templateOf('resnet-18')?.create() as GraphDocument);
  const inside = model.layers.filter(({ path }) => path.includes('/'));
  expect(inside.length).toBeGreaterThan(8);
  const block = model.nodes.find((node) => node.kind === 'block');
  expect(block?.kind === 'block' && block.nodes.map(({ path }) => path)).toContain(`${block?.id}/conv1`);
  expect(inside[0]?.name).toContain(model.nodes.find(({ id }) => inside[0]?.path.startsWith(id))?.name);
});

test('parameters have the types of their definition', () => {
  const model = modelOf(templateOf('lenet')?.create() as GraphDocument);
  const layer = model.layers.find(({ type }) => type === 'Conv2D') as ExportLayer;
  expect(paramsAs(conv2d, layer).kernelSize).toEqual([5, 5]);
  expect(() => paramsAs(conv2d, model.output)).toThrow('no Conv2D');
});

test('a document with mistakes is refused with all of them', () => {
  const document = templateOf('lenet')?.create() as GraphDocument;
  const [first, second] = Object.keys(document.wires);
  const { [first ?? '']: _first, [second ?? '']: _second, ...wires } = document.wires;
  const model = exportModelOf({ ...document, wires }, 'test');
  expect(model.ok ? [] : model.error.map(({ code }) => code)).toContain('graph/input-missing');
});

test('bytes are scaled as the session scales them', () => {
  const { data } = modelOf(templateOf('lenet')?.create() as GraphDocument);
  const values = preprocess(data.preprocessing, Uint8Array.of(0, 51, 255));
  expect([...values]).toEqual([
    0,
    Math.fround(51 * Math.fround(1 / 255)),
    Math.fround(255 * Math.fround(1 / 255)),
  ]);
});
