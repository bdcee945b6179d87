/** Where casts stand in a graph of mixed precision. */
import { describe, expect, it } from 'vitest';
import { differentiate } from '@shared/compile/differentiate';
import { type HalfType, inMixedPrecision } from '@shared/compile/passes/mixed-precision';
import { GraphBuilder } from '@shared/ir/builder';
import { BATCH, type Graph } from '@shared/ir/types';
import { required } from '@shared/util/assert';

const same = { strides: [1, 1], padding: 'SAME' } as const;

/** Two convolutions with a normalisation between them, gradients, and an update of each kernel. */
function network() {
  const b = new GraphBuilder();
  const images = b.op('Placeholder', [], { dtype: 'float32', dims: [BATCH, 4, 4, 2] }, { name: 'images' });
  const read = (name: string, dims: readonly number[]) => {
    const { handle } = b.variable(name, 'float32', dims);
    return {
      handle,
      value: b.op('ReadVariableOp', [handle], { dtype: 'float32', dims }, { name: `${name}/read` }),
    };
  };
  const kernels = [read('first', [3, 3, 2, 4]), read('second', [3, 3, 4, 4])];
  const [gamma, beta] = [read('gamma', [4]), read('beta', [4])];
  const empty = b.constant({ dtype: 'float32', dims: [0], values: [] });
  const [first, second] = kernels.map(({ value }) => value);
  const x = b.op('Conv2D', [images, required(first, 'first')], same, { name: 'conv1' });
  const [y] = b.ops(
    'FusedBatchNormV3',
    [x, gamma.value, beta.value, empty, empty],
    { epsilon: 1e-3, isTraining: true },
    { name: 'norm' },
  );
  const active = b.op('Relu', [required(y, 'y')], {}, { name: 'relu' });
  const z = b.op('Conv2D', [active, required(second, 'second')], same, { name: 'conv2' });
  const loss = b.op('Sum', [z], { axes: [0, 1, 2, 3], keepDims: false }, { name: 'loss' });
  const gradients = differentiate(
    b,
    loss,
    kernels.map(({ value }) => value),
  );
  kernels.forEach(({ handle }, i) =>
    b.effect(
      'ResourceApplyGradientDescent',
      [handle, b.float(0.1), required(gradients[i], 'a gradient')],
      {},
      { name: `update${i}` },
    ),
  );
  return b.graph;
}

const operationOf = (graph: Graph, name: string) =>
  required(
    graph.operations.find((operation) => operation.name === name),
    name,
  );
const inputTypes = (graph: Graph, name: string) => operationOf(graph, name).inputs.map(({ dtype }) => dtype);

describe.each<HalfType>(['bfloat16', 'float16'])('%s', (half) => {
  const plain = network();
  const mixed = inMixedPrecision(plain, { half, exact: new Set(['loss']) });

  it('is what products take and give', () => {
    for (const name of ['conv1', 'conv2']) {
      expect(inputTypes(mixed, name)).toEqual([half, half]);
      expect(operationOf(mixed, name).outputs[0]?.dtype).toBe(half);
    }
    const backprops = mixed.operations.filter(({ op }) => op === 'Conv2DBackpropFilter');
    expect(backprops).toHaveLength(2);
    for (const { outputs } of backprops) expect(outputs[0]?.dtype).toBe(half);
  });

  it('goes on through normalisation, whose scale and statistics stay float32', () => {
    const norm = operationOf(mixed, 'norm');
    expect(inputTypes(mixed, 'norm')).toEqual([half, 'float32', 'float32', 'float32', 'float32']);
    expect(norm.outputs.map(({ dtype }) => dtype)).toEqual([half, ...Array<string>(5).fill('float32')]);
    expect(inputTypes(mixed, 'relu')).toEqual([half]);
  });

  it('stays out of the loss, updates and variables', () => {
    expect(inputTypes(mixed, 'loss')).toEqual(['float32']);
    for (const name of ['update0', 'update1'])
      expect(inputTypes(mixed, name)).toEqual(['resource', 'float32', 'float32']);
    for (const { op, attributes } of mixed.operations)
      if (op === 'VarHandleOp' || op === 'ReadVariableOp')
        expect(attributes).toMatchObject({ dtype: 'float32' });
  });

  it('casts a tensor once, where it is first wanted', () => {
    const casts = mixed.operations.filter(({ op }) => op === 'Cast');
    const sources = casts.map(({ inputs }) => `${inputs[0]?.operation}:${inputs[0]?.index}`);
    expect(new Set(sources).size).toBe(sources.length);
    // The kernel of the second convolution also takes part in the gradient by its images.
    const second = mixed.operations.filter(({ inputs }) =>
      inputs.some(({ operation }) => operation === `second/read/0/${half}`),
    );
    expect(second.map(({ op }) => op)).toEqual(['Conv2D', 'Conv2DBackpropInput']);
  });

  it('keeps operations before those that need them, and their names', () => {
    const seen = new Set<string>();
    for (const { name, inputs } of mixed.operations) {
      for (const { operation } of inputs) expect(seen.has(operation), operation).toBe(true);
      seen.add(name);
    }
    expect(plain.operations.filter(({ name }) => !seen.has(name))).toEqual([]);
    expect(seen.size).toBe(mixed.operations.length);
  });
});

it('without products nothing changes', () => {
  const b = new GraphBuilder();
  const x = b.op('Placeholder', [], { dtype: 'float32', dims: [BATCH, 3] });
  b.op('Mul', [b.op('Relu', [x], {}), b.float(2)], {});
  expect(inMixedPrecision(b.graph, { half: 'bfloat16', exact: new Set() })).toEqual(b.graph);
});
