/** What the analyser says of drawn networks: problems with their places, cost by closed formulas, and what it remembers. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyse, createAnalyser, stepMemoryBytes } from '@shared/compile/analyse';
import type { Analysis } from '@shared/compile/analysis';
import type { Json } from '@shared/util/json';
import { nodeList } from '@shared/nodes';
import { templateOf } from '@shared/templates';
import { required } from '@shared/util/assert';
import { Sketch } from '../sketch';

const lenet = () => new Sketch(required(templateOf('lenet'), 'lenet').create());
const codes = (analysis: Analysis) => analysis.problems.map(({ code }) => code);

/** Input, the given layers in a row, a classifier. */
function row(...layers: readonly (readonly [string, Record<string, Json>])[]): Sketch {
  const sketch = new Sketch();
  let last = sketch.add('Input', { shape: [12, 12, 3] });
  for (const [type, params] of layers) last = sketch.add(type, params, last);
  sketch.add('Output', {}, sketch.add('Dense', { units: 4 }, sketch.add('Flatten', {}, last)));
  return sketch;
}

describe('problems', () => {
  it('an empty document lacks its ends', () => {
    expect(codes(analyse(new Sketch().document))).toEqual(['graph/no-input-node', 'graph/no-output-node']);
  });

  it('a missing wire is a problem of the port that it left', () => {
    const sketch = lenet();
    sketch.run({ kind: 'disconnect', to: ['activation_1', 'in'] });
    const analysis = analyse(sketch.document);
    const [missing] = analysis.problems.filter(({ severity }) => severity === 'error');
    expect(missing).toMatchObject({
      code: 'graph/input-missing',
      node: 'activation_1',
      port: 'in',
      args: { name: 'sigmoid1' },
    });
    expect(analysis.nodes['conv2d_1']?.problems.map(({ code, severity }) => [code, severity])).toEqual([
      ['graph/unused-node', 'warning'],
    ]);
    expect(analysis.nodes['dense_1']?.outputShape).toBeUndefined();
  });

  it.each([
    ['Conv2D', { filters: 0 }, 'param/out-of-range', 'filters'],
    ['Conv2D', { strides: [0, 1] }, 'param/not-sizes', 'strides'],
    ['Conv2D', { kernelSize: [13, 3] }, 'shape/window-too-large', 'kernelSize'],
    ['MaxPooling2D', { poolSize: [2, 99] }, 'shape/window-too-large', 'poolSize'],
    ['Dropout', { rate: 1 }, 'param/out-of-range', 'rate'],
    ['Dropout', { rate: 'half' }, 'param/not-number', 'rate'],
    ['Activation', { activation: 'relo' }, 'param/not-choice', 'activation'],
  ])('%s %j is refused at its parameter', (type, params, code, param) => {
    const { problems } = analyse(row([type, params]).document);
    expect(problems).toMatchObject([{ code, param, severity: 'error' }]);
  });

  it('a dense layer on an image asks for Flatten', () => {
    const { problems } = analyse(row(['Dense', { units: 3 }]).document);
    expect(problems[0]).toMatchObject({ code: 'shape/not-vector', args: { shape: '12×12×3' }, port: 'in' });
  });

  it('Add names both shapes and both sources', () => {
    const sketch = new Sketch();
    const input = sketch.add('Input', { shape: [8, 8, 3] });
    const left = sketch.add('Conv2D', { filters: 4, padding: 'same' }, input);
    const right = sketch.add('Conv2D', { filters: 6, padding: 'same' }, input);
    const add = sketch.add('Add', {}, left, right);
    sketch.run({ kind: 'renameNode', node: right, name: 'shortcut' });
    const problem = required(analyse(sketch.document).nodes[add]?.problems[0], 'a problem');
    expect(problem).toMatchObject({
      code: 'shape/mismatch',
      port: 'in1',
      args: { first: 'conv2d_1', firstShape: '8×8×4', second: 'shortcut', secondShape: '8×8×6' },
    });
  });

  it('Concatenate lets the channels differ, but not the height', () => {
    const sketch = new Sketch();
    const input = sketch.add('Input', { shape: [8, 8, 3] });
    const left = sketch.add('Conv2D', { filters: 4, padding: 'same' }, input);
    const pooled = sketch.add('MaxPooling2D', {}, input);
    const good = sketch.add('Concatenate', {}, left, input);
    const bad = sketch.add('Concatenate', {}, left, pooled);
    const analysis = analyse(sketch.document);
    expect(analysis.nodes[good]?.outputShape).toEqual([8, 8, 7]);
    expect(analysis.nodes[bad]?.problems).toMatchObject([
      { code: 'shape/mismatch-but-channels', port: 'in1' },
    ]);
  });

  it('a cycle from a file is named, node by node, and what lies behind it has no shape', () => {
    const sketch = row(['Conv2D', {}], ['Activation', {}]);
    const [wires] = [{ ...sketch.document.wires }];
    wires['conv2d_1.in'] = { from: ['activation_1', 'out'], to: ['conv2d_1', 'in'] };
    const analysis = analyse({ ...sketch.document, wires });
    const cycle = analysis.problems.filter(({ code }) => code === 'graph/cycle');
    expect(cycle.map(({ node }) => node).sort()).toEqual(['activation_1', 'conv2d_1']);
    expect(cycle[0]?.args).toEqual({ names: 'activation_1, conv2d_1' });
    expect(analysis.output).toBeUndefined();
  });

  it('an unknown type is kept and named; more than 2^31 elements are refused', () => {
    const sketch = row(['Lambda', {}]);
    expect(analyse(sketch.document).problems[0]).toMatchObject({
      code: 'graph/unknown-type',
      args: { type: 'Lambda' },
      node: 'lambda_1',
    });
    const huge = new Sketch();
    huge.add('Conv2D', { filters: 65536, padding: 'same' }, huge.add('Input', { shape: [4096, 4096, 1] }));
    expect(analyse(huge.document).nodes['conv2d_1']?.problems[0]).toMatchObject({ code: 'shape/too-large' });
  });

  it('what does not reach the Output warns, and does not stop training', () => {
    const sketch = lenet();
    sketch.add('Conv2D', { filters: 0 });
    const analysis = analyse(sketch.document);
    expect(codes(analysis)).toEqual(
      expect.arrayContaining(['graph/input-missing', 'param/out-of-range', 'graph/unused-node']),
    );
    expect(analysis.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('a network without weights has nothing to learn', () => {
    const sketch = new Sketch();
    sketch.add('Output', {}, sketch.add('Flatten', {}, sketch.add('Input', {})));
    expect(codes(analyse(sketch.document))).toEqual(['graph/no-weights']);
  });
});

describe('cost', () => {
  it('counts parameters and multiply-adds by the closed formulas', () => {
    const analysis = analyse(
      row(['Conv2D', { filters: 5, kernelSize: [3, 2] }], ['BatchNormalization', {}]).document,
    );
    expect(analysis.nodes['conv2d_1']).toMatchObject({
      outputShape: [10, 11, 5],
      params: 3 * 2 * 3 * 5 + 5,
      macs: 10 * 11 * 5 * 3 * 2 * 3,
    });
    expect(analysis.nodes['batch_normalization_1']).toMatchObject({
      params: 20,
      trainableParams: 10,
      macs: 0,
    });
    expect(analysis.nodes['dense_1']).toMatchObject({ params: 550 * 4 + 4, macs: 550 * 4 });
  });

  it('follows the receptive field through strides', () => {
    const analysis = analyse(
      row(
        ['Conv2D', { padding: 'same' }],
        ['MaxPooling2D', {}],
        ['Conv2D', { kernelSize: [3, 5], padding: 'same' }],
      ).document,
    );
    // field += (k - 1) * jump; jump *= stride: 3, then 3 + 1, then 4 + 2 * 2 down and 4 + 4 * 2 across.
    expect(analysis.nodes['conv2d_1']?.receptiveField).toEqual([3, 3]);
    expect(analysis.nodes['max_pooling2d_1']?.receptiveField).toEqual([4, 4]);
    expect(analysis.nodes['conv2d_2']?.receptiveField).toEqual([8, 12]);
    expect(analysis.nodes['flatten_1']?.receptiveField).toBeUndefined();
  });

  it('memory of a step grows with the batch and with the slots of the optimiser', () => {
    const analysis = analyse(lenet().document);
    const perSample = stepMemoryBytes(analysis, 65, 'sgd') - stepMemoryBytes(analysis, 64, 'sgd');
    expect(perSample).toBeGreaterThanOrEqual(analysis.totals.activationBytes);
    expect(stepMemoryBytes(analysis, 64, 'adam') - stepMemoryBytes(analysis, 64, 'sgd')).toBe(2 * 4 * 61706);
  });

  it('needs a batch of two only under batch normalisation after a dense layer', () => {
    expect(analyse(row(['BatchNormalization', {}]).document).minimumBatch).toEqual({ size: 1 });
    const template = required(templateOf('lenet-bn'), 'lenet-bn').create();
    expect(analyse(template).minimumBatch).toEqual({ size: 2, node: 'batch_normalization_3', name: 'norm3' });
  });
});

describe('properties', () => {
  const anyType = fc.constantFrom('Lambda', ...nodeList.map(({ type }) => type));
  const anyValue = fc.oneof(
    fc.integer({ min: -2, max: 9 }),
    fc.constantFrom('same', 'valid', 'relu', null, true),
    fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 3 }),
  );
  const anyParams = fc.dictionary(
    fc.constantFrom(
      'filters',
      'kernelSize',
      'strides',
      'padding',
      'poolSize',
      'units',
      'rate',
      'shape',
      'activation',
      'odd',
    ),
    anyValue,
  );
  const anyGraph = fc.record({
    nodes: fc.array(fc.tuple(anyType, anyParams), { minLength: 1, maxLength: 9 }),
    wires: fc.array(fc.tuple(fc.nat(8), fc.nat(8), fc.constantFrom('in', 'in0', 'in1', 'in2')), {
      maxLength: 14,
    }),
  });
  const documentOf = ({
    nodes,
    wires,
  }: {
    nodes: [string, Record<string, Json>][];
    wires: [number, number, string][];
  }) => {
    const ids = nodes.map((_, i) => `n_${i}`);
    return {
      nodes: Object.fromEntries(
        nodes.map(([type, params], i) => [
          `n_${i}`,
          { id: `n_${i}`, type, name: `n_${i}`, position: { x: 0, y: 0 }, params },
        ]),
      ),
      wires: Object.fromEntries(
        wires.flatMap(([from, to, port]) => {
          const [source, target] = [ids[from], ids[to]];
          return source && target
            ? [[`${target}.${port}`, { from: [source, 'out'], to: [target, port] } as const]]
            : [];
        }),
      ),
      blocks: {},
      groups: {},
      training: {},
      lastIds: {},
    };
  };

  it('never throws, whatever is wired to whatever; problems name nodes that exist', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const document = documentOf(graph);
        const analysis = analyse(document);
        for (const { node } of analysis.problems)
          if (node !== undefined) expect(document.nodes).toHaveProperty(node);
        expect(Object.keys(analysis.nodes).sort()).toEqual(Object.keys(document.nodes).sort());
      }),
      { numRuns: 500 },
    );
  });

  it('remembers without changing the answer', () => {
    const remembering = createAnalyser();
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const document = documentOf(graph);
        expect(remembering(document)).toEqual(analyse(document));
      }),
      { numRuns: 200 },
    );
  });
});
