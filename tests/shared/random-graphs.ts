/** Networks wired at random from all node types: valid ones, and the same with one thing broken. */
import { inferNode } from '@shared/compile/infer';
import { builtIns } from '@shared/nodes/resolve';
import fc from 'fast-check';
import type { DocumentNode, GraphDocument } from '@shared/document/types';
import { ancestorsOf, nodesOfType, topologyOf } from '@shared/compile/topology';
import { elementsPerSample } from '@shared/ir/shape';
import type { Shape } from '@shared/ir/types';
import { nodeList, nodeTypes } from '@shared/nodes';
import type { NodeDefinition } from '@shared/nodes/define';
import type { Field } from '@shared/params/field';
import { parseParams } from '@shared/params/fields';
import type { Json, JsonObject } from '@shared/util/json';
import { required } from '@shared/util/assert';
import { Sketch } from './sketch';

/** Keeps a step of training in milliseconds. */
const MAX_ELEMENTS = 2000;
/** Products of products grow beyond any number. */
const MAX_MULTIPLIES = 2;
const MAX_NODES = 9;
const ATTEMPTS = 4;

/** Decisions from a list of numbers, so that fast-check can make a failing graph smaller; 0 once they are used up. */
export class Chooser {
  readonly #numbers: readonly number[];
  #position = 0;

  constructor(decisions: readonly number[]) {
    this.#numbers = decisions;
  }

  below(count: number): number {
    return (this.#numbers[this.#position++] ?? 0) % count;
  }

  pick<T>(values: readonly T[]): T {
    if (values.length === 0) throw new Error('there is nothing to pick from');
    return values[this.below(values.length)] as T;
  }

  isOn(): boolean {
    return this.below(2) === 1;
  }
}

export const decisions = fc.array(fc.nat(), { minLength: 60, maxLength: 240 });

interface Source {
  readonly id: string;
  readonly shape: Shape;
}

const inner = nodeList.filter(({ type }) => type !== 'Input' && type !== 'Output');

/** Input, up to nine nodes of any type that fit somewhere, a classifier of three classes. */
export function validGraph(chooser: Chooser): GraphDocument {
  const sketch = new Sketch();
  sketch.run({ kind: 'setTraining', setting: 'optimizer', value: 'sgd' });
  const shape = [3 + chooser.below(6), 3 + chooser.below(6), 1 + chooser.below(4)];
  const sources: Source[] = [{ id: sketch.add('Input', { shape }), shape }];
  const count = 1 + chooser.below(MAX_NODES);
  for (let i = 0; i < count; i++) {
    const added = addSomewhere(sketch, chooser, sources);
    if (added) sources.push(added);
  }
  const { id } = required(sources.at(-1), 'a source');
  sketch.add('Output', {}, sketch.add('Dense', { units: 3 }, sketch.add('Flatten', {}, id)));
  return sketch.document;
}

function addSomewhere(sketch: Sketch, chooser: Chooser, sources: readonly Source[]): Source | undefined {
  const isFull = nodesOfType(sketch.document, 'Multiply').length >= MAX_MULTIPLIES;
  const definition = chooser.pick(isFull ? inner.filter(({ type }) => type !== 'Multiply') : inner);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const wired = chooseSources(definition, chooser, sources);
    const params = randomParams(definition, chooser);
    const shape = shapeOf(definition, params, wired);
    if (!shape || elementsPerSample(shape) > MAX_ELEMENTS) continue;
    const id = sketch.add(definition.type, params, ...wired.map((each) => each.id));
    return { id, shape };
  }
  return undefined;
}

/** Mostly the newest, so that graphs grow deep; for merges, two or three of which some have its shape. */
function chooseSources(
  { inputs }: NodeDefinition,
  chooser: Chooser,
  sources: readonly Source[],
): readonly Source[] {
  const newest = required(sources.at(-1), 'a source');
  const first = chooser.below(4) === 0 ? chooser.pick(sources) : newest;
  if (inputs.kind !== 'variadic') return [first];
  const alike = sources.filter(({ shape }) => shape.join() === first.shape.join());
  const others = Array.from({ length: inputs.min - 1 + chooser.below(2) }, () =>
    chooser.pick(chooser.below(4) === 0 ? sources : alike),
  );
  return [first, ...others];
}

function shapeOf(
  definition: NodeDefinition,
  params: JsonObject,
  wired: readonly Source[],
): Shape | undefined {
  const { values, issues } = parseParams(definition.params, params);
  if (issues.length > 0) return undefined;
  const inferred = inferNode(
    builtIns,
    definition,
    values,
    wired.map(({ shape }) => shape),
  );
  return inferred.ok ? inferred.value : undefined;
}

/** Each parameter of a node, or its default. */
function randomParams({ params }: NodeDefinition, chooser: Chooser): JsonObject {
  const chosen: Record<string, Json> = {};
  for (const [name, field] of Object.entries(params)) {
    if (field.control.kind === 'kernel' || (chooser.isOn() && name !== 'filters')) continue;
    chosen[name] = randomValue(field, chooser);
  }
  if (chosen['kernelInitializer'] === 'custom') {
    const size: readonly Json[] = Array.isArray(chosen['kernelSize']) ? chosen['kernelSize'] : [3, 3];
    chosen['kernelValues'] = rows(Number(size[0]), Number(size[1]), chooser);
  }
  return chosen;
}

function rows(height: number, width: number, chooser: Chooser): readonly (readonly number[])[] {
  return Array.from({ length: height }, () =>
    Array.from({ length: width }, () => (chooser.below(9) - 4) / 4),
  );
}

function randomValue(field: Field, chooser: Chooser): Json {
  const { control } = field;
  switch (control.kind) {
    case 'integer':
      return control.min + chooser.below(Math.min(6, control.max - control.min + 1));
    case 'number': {
      // What is off by default, such as a penalty, is on at times.
      const initial = Number(field.default) || 0.01;
      return Math.min(control.max, Math.max(control.min, chooser.pick([0.5, 1, 1.5]) * initial));
    }
    case 'boolean':
      return chooser.isOn();
    case 'choice':
    case 'dataset':
      return chooser.pick(control.choices).value;
    case 'sizes':
      return control.labels.map(() => control.min + chooser.below(3));
    case 'padding':
      return chooser.pick<Json>(['same', 'valid', { top: 1, bottom: 0, left: 2, right: 1 }]);
    case 'shape':
      return chooser.isOn() ? [-1] : [1 + chooser.below(3), -1, 1 + chooser.below(3)];
    case 'kernel':
    case 'numbers':
      return field.default;
  }
}

const wrongValues: readonly Json[] = [
  null,
  -1e12,
  1.5,
  '',
  'odd',
  true,
  [],
  [0],
  [0, 0],
  [1, 2, 3, 4, 5],
  [[]],
  {},
  { top: -1, bottom: 0, left: 0, right: 0 },
];

type Breakage = (document: GraphDocument, chooser: Chooser) => GraphDocument;

/** What can go wrong with a network; each leaves a mistake at a node that leads to the Output. */
const breakages: Readonly<Record<string, Breakage>> = {
  wrongValue(document, chooser) {
    const node = chooser.pick(used(document).filter(({ type }) => fieldsOf(type).length > 0));
    const [param, field] = chooser.pick(fieldsOf(node.type));
    const value = chooser.pick(wrongValues.filter((each) => !field.parse(each).ok));
    return withNode(document, { ...node, params: { ...node.params, [param]: value } });
  },
  missingWire(document, chooser) {
    const nodes = new Set(used(document).map(({ id }) => id));
    const incoming = Object.values(document.wires).filter(({ to }) => nodes.has(to[0]));
    // A merge of three goes on with two.
    const needed = incoming.filter(({ to }) => incoming.filter((each) => each.to[0] === to[0]).length < 3);
    const sketch = new Sketch(document);
    sketch.run({ kind: 'disconnect', to: chooser.pick(needed).to });
    return sketch.document;
  },
  unknownType: (document, chooser) =>
    withNode(document, { ...chooser.pick(used(document).slice(1)), type: 'Lambda' }),
  cycle(document, chooser) {
    const chain = used(document).filter(({ type }) => nodeTypes.get(type)?.inputs.kind === 'single');
    const node = chooser.pick(chain);
    const key = `${node.id}.in`;
    const wire = { from: [node.id, 'out'], to: [node.id, 'in'] } as const;
    return { ...document, wires: { ...document.wires, [key]: wire } };
  },
  hugeKernel(document, chooser) {
    const sketch = new Sketch(document);
    const wire = chooser.pick(usedWires(document));
    sketch.run({
      kind: 'insertOnWire',
      to: wire,
      type: chooser.pick(['Conv2D', 'DepthwiseConv2D', 'SeparableConv2D']),
      position: { x: 0, y: 0 },
      params: { kernelSize: [1024, 1024] },
    });
    return sketch.document;
  },
  hugeOutput(document, chooser) {
    const sketch = new Sketch(document);
    const [position, params] = [{ x: 0, y: 0 }, { size: [64, 64] }];
    const to = chooser.pick(usedWires(document));
    // 64^8 times as large, or no image at all.
    for (let i = 0; i < 4; i++)
      sketch.run({ kind: 'insertOnWire', to, type: 'UpSampling2D', position, params });
    return sketch.document;
  },
};

/** A valid network with one thing broken. */
export function invalidGraph(chooser: Chooser): { readonly document: GraphDocument; readonly how: string } {
  const how = chooser.pick(Object.keys(breakages));
  return { how, document: required(breakages[how], how)(validGraph(chooser), chooser) };
}

export const breakageNames = Object.keys(breakages);

function fieldsOf(type: string): readonly (readonly [string, Field])[] {
  return Object.entries(nodeTypes.get(type)?.params ?? {});
}

/** In order, the Input first. */
function used(document: GraphDocument): readonly DocumentNode[] {
  const topology = topologyOf(document);
  const [output] = nodesOfType(document, 'Output');
  const leading = ancestorsOf(topology, required(output, 'an Output').id);
  return topology.order.flatMap((id) => (leading.has(id) ? (document.nodes[id] ?? []) : []));
}

function usedWires(document: GraphDocument) {
  const ids = new Set(used(document).map(({ id }) => id));
  return Object.values(document.wires).flatMap(({ to }) => (ids.has(to[0]) ? [to] : []));
}

function withNode(document: GraphDocument, node: DocumentNode): GraphDocument {
  return { ...document, nodes: { ...document.nodes, [node.id]: node } };
}
