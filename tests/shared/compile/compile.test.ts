/** The compiler's promises: the same bytes for the same document, only what is used, and refusals as data. */
import { describe, expect, it } from 'vitest';
import { compileDocument } from '@shared/compile/compile';
import { explicitOperands } from '@shared/compile/literals';
import { prune } from '@shared/compile/prune';
import type { Program } from '@shared/compile/program';
import { parseDocument } from '@shared/document/parse';
import { serialiseDocument } from '@shared/document/serialise';
import type { GraphDocument } from '@shared/document/types';
import { GraphBuilder } from '@shared/ir/builder';
import { templateOf, templates } from '@shared/templates';
import { optimizerNames } from '@shared/optimizers';
import { required } from '@shared/util/assert';
import { Sketch } from '../sketch';

function compiled(document: GraphDocument): Program {
  const result = compileDocument(document);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const lenet = () => required(templateOf('lenet'), 'lenet').create();

describe('compileDocument', () => {
  it.each(templates.map(({ id }) => id))(
    '%s gives the same bytes twice, and after saving and opening',
    (id) => {
      const document = required(templateOf(id), id).create();
      const reopened = parseDocument(serialiseDocument(document));
      if (!reopened.ok) throw new Error(reopened.error.code);
      const { savedModel } = compiled(document);
      for (const again of [document, reopened.value.document]) {
        // Compared as a whole: a megabyte is too much to compare byte by byte.
        expect(Buffer.compare(compiled(again).savedModel, savedModel)).toBe(0);
      }
    },
    30_000,
  );

  it('does not care where nodes stand, what they are called, or in which order they were drawn', () => {
    const sketch = new Sketch(lenet());
    const { savedModel } = compiled(sketch.document);
    sketch.run({ kind: 'moveNodes', positions: { conv2d_1: { x: 900, y: -5 } } });
    sketch.run({ kind: 'renameNode', node: 'conv2d_1', name: '第一层 "quoted"\n' });
    const nodes = Object.fromEntries(Object.entries(sketch.document.nodes).reverse());
    expect(compiled({ ...sketch.document, nodes }).savedModel).toEqual(savedModel);
  });

  it('names variables as Keras does, weights first, then the slots of the optimiser', () => {
    const { variables } = compiled(required(templateOf('lenet-bn'), 'lenet-bn').create());
    const weights = variables.filter(({ role }) => role !== 'slot').map(({ name }) => name);
    expect(weights.slice(0, 6)).toEqual([
      'conv2d_1/kernel',
      'conv2d_1/bias',
      'batch_normalization_1/gamma',
      'batch_normalization_1/beta',
      'batch_normalization_1/moving_mean',
      'batch_normalization_1/moving_variance',
    ]);
    const slots = variables.filter(({ role }) => role === 'slot').map(({ name }) => name);
    expect(slots.slice(0, 2)).toEqual(['conv2d_1/kernel/m', 'conv2d_1/kernel/v']);
    expect(slots).toHaveLength(2 * variables.filter(({ isTrainable }) => isTrainable).length);
  });

  it.each(optimizerNames)('%s compiles with weight decay', (optimizer) => {
    const sketch = new Sketch(lenet());
    sketch.run({ kind: 'setTraining', setting: 'optimizer', value: optimizer });
    sketch.run({ kind: 'setTraining', setting: 'weightDecay', value: 0.01 });
    expect(compiled(sketch.document).savedModel.length).toBeGreaterThan(10_000);
  });

  it('leaves out nodes that do not reach the Output', () => {
    const sketch = new Sketch(lenet());
    const { savedModel } = compiled(sketch.document);
    sketch.add('Conv2D', { filters: 7 }, 'input_1');
    expect(compiled(sketch.document).savedModel).toEqual(savedModel);
  });

  it('says everything that stands in the way, settings included', () => {
    const sketch = new Sketch(lenet());
    sketch.run({ kind: 'setParam', node: 'conv2d_1', param: 'filters', value: 0 });
    sketch.run({ kind: 'setTraining', setting: 'epochs', value: 0.5 });
    const result = compileDocument(sketch.document);
    expect(result.ok ? [] : result.error.map(({ code, param }) => [code, param])).toEqual([
      ['param/out-of-range', 'filters'],
      ['param/not-integer', 'epochs'],
    ]);
  });

  it('takes a hundred layers in a row', () => {
    const sketch = new Sketch();
    let last = sketch.add('Input', {});
    for (let i = 0; i < 100; i++) last = sketch.add('Conv2D', { filters: 4, padding: 'same' }, last);
    sketch.add('Output', {}, sketch.add('GlobalAveragePooling2D', {}, last));
    expect(compiled(sketch.document).variables.filter(({ isTrainable }) => isTrainable)).toHaveLength(200);
  });
});

describe('the graph', () => {
  it('keeps only what the roots depend on, control inputs included', () => {
    const b = new GraphBuilder();
    const [one, two] = [b.float(1), b.float(2)];
    const used = b.op('Neg', [one], {}, { name: 'used' });
    b.op('Neg', [two], {}, { name: 'unused' });
    b.op('Identity', [two], {}, { name: 'root', after: [used.operation] });
    expect(prune(b.graph, ['root']).operations.map(({ name }) => name)).toEqual([
      'constant/0',
      'constant/1',
      'used',
      'root',
    ]);
  });

  it('writes equal constant operands once', () => {
    const b = new GraphBuilder();
    const x = b.op('Placeholder', [], { dtype: 'float32', dims: [2, 3] });
    for (let i = 0; i < 3; i++) b.op('Sum', [x], { axes: [1], keepDims: false });
    const { constants, operandsOf } = explicitOperands(b.graph);
    expect(constants).toHaveLength(1);
    expect(b.graph.operations.slice(1).map((each) => operandsOf(each)[1]?.operation)).toEqual([
      'literal/0',
      'literal/0',
      'literal/0',
    ]);
  });

  it('refuses names that GraphDef does not take, and two of one name', () => {
    const b = new GraphBuilder();
    b.op('Const', [], { value: { dtype: 'float32', dims: [], values: [1] } }, { name: 'a' });
    expect(() =>
      b.op('Const', [], { value: { dtype: 'float32', dims: [], values: [1] } }, { name: 'a' }),
    ).toThrow(/two operations/);
  });

  it('says which operation was lowered wrongly', () => {
    const b = new GraphBuilder();
    const x = b.op('Placeholder', [], { dtype: 'float32', dims: [2, 3] });
    expect(() =>
      b.within('layer_1', () => b.op('MatMul', [x, x], { transposeA: false, transposeB: false })),
    ).toThrow(/MatMul layer_1\/MatMul/);
  });
});

describe('class weights', () => {
  const problemsOf = (classWeights: readonly number[]) => {
    const { training, ...document } = lenet();
    const result = compileDocument({ ...document, training: { ...training, classWeights } });
    return result.ok ? [] : result.error;
  };

  it('are one for each class, or none', () => {
    expect(problemsOf([])).toEqual([]);
    expect(problemsOf(new Array<number>(10).fill(0.5))).toEqual([]);
    expect(problemsOf([1, 2])).toMatchObject([
      { code: 'run/class-weights-mismatch', param: 'classWeights', args: { count: 2, classes: 10 } },
    ]);
  });
});
