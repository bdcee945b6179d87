/** What TensorFlow computes from blocks: the same as from their parts, with the same weights, step for step. */
import { beforeAll, describe, expect, it } from 'vitest';
import { analyse } from '@shared/compile/analyse';
import { compileDocument } from '@shared/compile/compile';
import { expansionOf, isExpandable } from '@shared/compile/expansion';
import type { GraphDocument } from '@shared/document/types';
import { float32, type Runtime, type TensorValues } from '../../src-main/engine/runtime/runtime';
import { Sketch } from '../shared/sketch';
import { cpuRuntime, expectOk, numbers, ProgramSession, sample, size } from './graph-session';

const COUNT = 16;

let runtime: Runtime;
beforeAll(async () => {
  runtime = await cpuRuntime();
});

/** Input, the given blocks in a row, a classifier. */
function row(...blocks: readonly (readonly [string, Record<string, number | number[]>])[]): Sketch {
  const sketch = new Sketch();
  sketch.run({ kind: 'setTraining', setting: 'optimizer', value: 'momentum' });
  let last = sketch.add('Input', { shape: [12, 12, 2] });
  for (const [type, params] of blocks) last = sketch.add(type, params, last);
  sketch.add('Output', {}, sketch.add('Dense', { units: 4 }, sketch.add('Flatten', {}, last)));
  return sketch;
}

/** A user's block twice in a row, with one of the registry inside and another of the user's. */
function nested(): Sketch {
  const sketch = row(['ResidualBlock', { filters: 2 }], ['Conv2D', { filters: 2 }], ['Activation', {}]);
  const pack = (name: string, ...nodes: string[]) => {
    sketch.run({ kind: 'packNodes', nodes, name, repeat: 2 });
    return Object.values(sketch.document.nodes).find((node) => node.name === name)?.id ?? '';
  };
  pack('outer', 'residual_block_1', pack('inner', 'conv2d_1', 'activation_1'));
  return sketch;
}

function openAll(sketch: Sketch): void {
  for (;;) {
    const node = Object.keys(sketch.document.nodes).find((id) => isExpandable(sketch.document, id));
    if (node === undefined) return;
    const graph = expectOk(expansionOf(sketch.document, analyse(sketch.document), node));
    sketch.run({ kind: 'expandBlock', node, graph });
  }
}

/** Where a node of the opened document stood inside the blocks: `block_1/conv1`. */
function pathOf(document: GraphDocument, id: string): string {
  for (const { node, members } of Object.values(document.groups)) {
    const part = Object.entries(members).find(([, member]) => member.id === id)?.[0];
    if (part !== undefined) return `${pathOf(document, node.id)}/${part}`;
  }
  return id;
}

async function open(document: GraphDocument): Promise<ProgramSession> {
  const program = expectOk(compileDocument(document));
  const bytes = Uint8Array.from(sample(COUNT * size(program.input), 5, { low: 0, high: 255 }));
  const random = numbers(3);
  const labels = Int32Array.from({ length: COUNT }, () => Math.floor(random() * program.classes));
  return ProgramSession.open(runtime, program, bytes, labels);
}

async function assign(session: ProgramSession, values: ReadonlyMap<string, TensorValues>): Promise<void> {
  for (const { name, dims, assign } of session.program.variables)
    await session.assign(assign, float32(Float32Array.from(values.get(name) ?? []), dims));
}

const indices = [...Array(COUNT).keys()];

async function losses(session: ProgramSession): Promise<readonly number[]> {
  const found: number[] = [];
  for (let step = 0; step < 4; step++) found.push((await session.step(indices, step, 0.05))[0]);
  return found;
}

describe.each<[string, () => Sketch]>([
  ['VggBlock', () => row(['VggBlock', { convolutions: 2, filters: 3 }])],
  ['NinBlock', () => row(['NinBlock', { filters: 4, strides: [2, 2] }])],
  ['InceptionBlock', () => row(['InceptionBlock', { c1: 2, c2: [2, 3], c3: [2, 2], c4: 2 }])],
  [
    'residual blocks',
    () => row(['ResidualBlock', { filters: 3, strides: [2, 2] }], ['BottleneckBlock', { filters: 2 }]),
  ],
  ['DenseNet', () => row(['DenseBlock', { layers: 2, growthRate: 3 }], ['TransitionLayer', { filters: 4 }])],
  ['blocks in blocks', nested],
])('%s', (_, build) => {
  it('gives the same losses opened, from the same weights', async () => {
    const sketch = build();
    const closed = await open(sketch.document);
    const initial = await closed.weights();
    openAll(sketch);
    const opened = await open(sketch.document);
    const names = opened.program.variables.map(({ name }) => {
      const [id = '', ...rest] = name.split('/');
      return [name, [pathOf(sketch.document, id), ...rest].join('/')] as const;
    });
    expect(names.map(([, before]) => before).sort()).toEqual([...initial.keys()].sort());
    expect(names.some(([after, before]) => after !== before)).toBe(true);
    await assign(
      opened,
      new Map(names.map(([after, before]) => [after, initial.get(before) ?? new Float32Array()])),
    );
    const [expected, found] = [await losses(closed), await losses(opened)];
    expect(expected.every(Number.isFinite)).toBe(true);
    expect(new Set(expected).size).toBe(expected.length);
    found.forEach((loss, step) => expect(Math.abs(loss / (expected[step] ?? NaN) - 1)).toBeLessThan(1e-5));
    const after = await opened.weights();
    const trained = await closed.weights();
    for (const [name, before] of names) {
      const scale = Math.max(1e-3, ...Array.from(trained.get(before) ?? [], Math.abs));
      after
        .get(name)
        ?.forEach((value, i) =>
          expect(Math.abs(value - (trained.get(before)?.[i] ?? NaN)) / scale).toBeLessThan(1e-4),
        );
    }
    closed.session.dispose();
    opened.session.dispose();
  });
});
