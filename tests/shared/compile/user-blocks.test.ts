/** Blocks of the user: their parameters, repetition, blocks inside blocks, and what cannot be. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyse, createAnalyser } from '@shared/compile/analyse';
import { compileDocument } from '@shared/compile/compile';
import { expansionOf, isExpandable, openInputs } from '@shared/compile/expansion';
import { parseDocument } from '@shared/document/parse';
import { serialiseDocument } from '@shared/document/serialise';
import type { GraphDocument } from '@shared/document/types';
import { definitionOf, userBlockTypes } from '@shared/nodes/resolve';
import { parseParams } from '@shared/params/fields';
import { required } from '@shared/util/assert';
import type { Json } from '@shared/util/json';
import { json } from '../document/arbitrary';
import { pathsOf, replaceAt } from '../document/mutate';
import { Sketch } from '../sketch';
import { errors } from './around';
import { packed, set, size } from './packed';

describe('blocks of the user', () => {
  it('have the fields of their parts, with the values of these as defaults', () => {
    const sketch = packed([size, { name: 'padding', part: 'conv2d_1', param: 'padding' }]);
    const definition = required(
      definitionOf(sketch.document, required(sketch.document.nodes['block_1'], 'it')),
      'it',
    );
    expect(Object.keys(definition.params)).toEqual(['block', 'repeat', 'size', 'padding']);
    expect(definition.params['size']).toMatchObject({ default: 4, label: { en: 'size' } });
    expect(definition.params['padding']).toMatchObject({ default: 'same', label: { en: 'Padding' } });
    expect(definition.params['block']?.isRelevant?.({})).toBe(false);
    expect(definition.summary(parseParams(definition.params, { size: 7, repeat: 2 }).values, 'en')).toBe(
      '×2 · size 7 · padding same',
    );
    expect(userBlockTypes(sketch.document)).toEqual([{ definition, params: { block: 'stem_1' } }]);
    expect(analyse(sketch.document).problems).toEqual([]);
    const params = analyse(set(sketch, 'size', 6 as never).document).nodes['block_1']?.params;
    expect(params).toBe(9 * 4 * 6 + 6);
    expect(errors(set(sketch, 'size', 0 as never))[0]).toMatchObject({
      code: 'param/out-of-range',
      param: 'size',
    });
  });

  it('show a field only where it matters to the part', () => {
    const slope = { name: 'slope', part: 'activation_1', param: 'negativeSlope' };
    const kind = { name: 'kind', part: 'activation_1', param: 'activation' };
    const { document } = packed([slope, kind]);
    const field = definitionOf(document, required(document.nodes['block_1'], 'it'))?.params['slope'];
    expect(field?.isRelevant?.({ kind: 'relu' })).toBe(false);
    expect(field?.isRelevant?.({ kind: 'leakyRelu' })).toBe(true);
  });

  it('hand one parameter to several parts', () => {
    const sketch = new Sketch();
    const one = sketch.add('Conv2D', {}, sketch.add('Input', { shape: [8, 8, 4] }));
    const two = sketch.add('Conv2D', {}, one);
    sketch.run({ kind: 'packNodes', nodes: [one, two], name: 'x', exposed: [size, { ...size, part: two }] });
    expect(analyse(set(sketch, 'size', 5 as never).document).nodes['block_1']?.params).toBe(
      9 * 4 * 5 + 5 + 9 * 5 * 5 + 5,
    );
  });

  it('stand several times in a row, each time with weights of its own', () => {
    const sketch = set(packed(), 'repeat', 3 as never);
    const { nodes, problems } = analyse(sketch.document);
    expect(problems).toEqual([]);
    expect(nodes['block_1']?.params).toBe(3 * (9 * 4 * 4 + 4));
    const result = compileDocument(sketch.document);
    const names = result.ok ? result.value.variables.map(({ name }) => name) : [];
    expect(names.filter((name) => name.endsWith('kernel'))).toEqual([
      'block_1/conv2d_1/kernel',
      'block_1/conv2d_1.2/kernel',
      'block_1/conv2d_1.3/kernel',
      'dense_1/kernel',
    ]);
  });

  it('say at which repetition they no longer fit', () => {
    // 8×8 loses two pixels each time: 6, 4, 2, and then the 3×3 window does not fit.
    const sketch = set(packed([], { filters: 4 }), 'repeat', 4 as never);
    expect(errors(sketch).slice(0, 2)).toMatchObject([
      { code: 'block/repeat-no-fit', param: 'repeat', args: { round: 4, shape: '2×2×4' } },
      { code: 'shape/window-too-large', part: 'conv2d_1.4' },
    ]);
    expect(errors(set(sketch, 'repeat', 3 as never))).toEqual([]);
    expect(errors(set(sketch, 'repeat', 0 as never))[0]).toMatchObject({
      code: 'param/out-of-range',
      param: 'repeat',
    });
  });

  it('with several inputs have a port for each, and are not repeated', () => {
    const sketch = new Sketch();
    const input = sketch.add('Input', { shape: [4, 4, 2] });
    const left = sketch.add('Conv2D', { filters: 2, padding: 'same' }, input);
    const add = sketch.add('Add', {}, input, left);
    sketch.add('Output', {}, sketch.add('Dense', {}, sketch.add('Flatten', {}, add)));
    sketch.run({ kind: 'packNodes', nodes: [add], name: 'sum' });
    expect(errors(sketch)).toEqual([]);
    expect(errors(set(sketch, 'repeat', 2 as never))[0]).toMatchObject({
      code: 'block/repeat-many-inputs',
      param: 'repeat',
    });
    set(sketch, 'repeat', 1 as never);
    sketch.run({ kind: 'setParam', node: left, param: 'filters', value: 3 });
    expect(errors(sketch)[0]).toMatchObject({
      code: 'shape/mismatch',
      part: add,
      port: 'input1',
      args: { first: input, second: left },
    });
    sketch.run({ kind: 'disconnect', to: ['block_1', 'input1'] });
    expect(analyse(sketch.document).nodes['block_1']?.problems).toMatchObject([
      { code: 'graph/input-missing', port: 'input1' },
    ]);
    expect(openInputs(sketch.document, [left, 'block_1'])).toEqual([['block_1', 'input1']]);
  });

  it('stand inside one another, mistakes and figures included', () => {
    const inner = packed([size]);
    inner.run({
      kind: 'packNodes',
      nodes: ['block_1'],
      name: 'outer',
      exposed: [{ name: 'width', part: 'block_1', param: 'size' }],
    });
    const outer = Object.keys(inner.document.nodes).find((id) => id.startsWith('block')) ?? '';
    inner.run({ kind: 'setParam', node: outer, param: 'width', value: 5 });
    const { nodes, problems } = analyse(inner.document);
    expect(problems).toEqual([]);
    expect(nodes[outer]?.params).toBe(9 * 4 * 5 + 5);
    expect(nodes[outer]?.children?.[0]?.children?.[0]).toMatchObject({
      id: 'conv2d_1',
      params: 9 * 4 * 5 + 5,
    });
    inner.run({ kind: 'setParam', node: 'input_1', param: 'shape', value: [8, 8, 4] });
    inner.run({ kind: 'disconnect', to: [outer, 'in'] });
    inner.run({ kind: 'connect', from: [inner.add('Flatten', {}, 'input_1'), 'out'], to: [outer, 'in'] });
    expect(errors(inner).find(({ node }) => node === outer)).toMatchObject({
      part: 'block_1/conv2d_1',
      port: 'in',
    });
  });

  it('that do not exist, contain themselves or stand too deep are named', () => {
    const { document } = packed();
    const definition = required(document.blocks['stem_1'], 'it');
    const withBlocks = (blocks: GraphDocument['blocks']) =>
      analyse({ ...document, blocks }).nodes['block_1']?.problems;
    expect(withBlocks({})).toMatchObject([{ code: 'block/unknown', args: { block: '"stem_1"' } }]);
    const of = (block: string) => ({
      ...definition,
      graph: {
        nodes: [{ id: 'a', type: 'Block', position: { x: 0, y: 0 }, params: { block } }],
        wires: [],
        inputs: { in: [['a', 'in'] as const] },
        output: 'a',
      },
    });
    expect(withBlocks({ stem_1: of('stem_1') })).toMatchObject([{ code: 'block/recursive' }]);
    const tower = Object.fromEntries(
      Array.from({ length: 50 }, (_, i) => [`b_${i}`, { ...of(`b_${i + 1}`), id: `b_${i}` }]),
    );
    expect(withBlocks({ ...tower, stem_1: of('b_30') })).toMatchObject([{ code: 'block/unknown' }]);
    expect(withBlocks({ ...tower, stem_1: of('b_0') })).toMatchObject([
      { code: 'block/too-deep', args: { max: 32 } },
    ]);
    const end = { id: 'a', type: 'Input', position: { x: 0, y: 0 }, params: {} };
    const source = { ...of('x'), graph: { ...of('x').graph, nodes: [end], inputs: {} } };
    const alone = analyse({ ...document, blocks: { stem_1: source }, wires: {} });
    expect(alone.nodes['block_1']?.problems[0]).toMatchObject({ code: 'block/end-inside', part: 'a' });
    const none = { ...size, param: 'nothing' };
    expect(withBlocks({ stem_1: { ...definition, exposed: [none] } })).toMatchObject([
      { code: 'block/unknown-parameter', args: { part: 'conv2d_1', param: 'nothing' } },
    ]);
  });

  it('that multiply beyond any machine are refused at once', () => {
    const sketch = packed();
    let last = 'block_1';
    for (let level = 0; level < 8; level++) {
      sketch.run({ kind: 'setParam', node: last, param: 'repeat', value: 100 });
      sketch.run({ kind: 'packNodes', nodes: [last], name: `level ${level}` });
      last = Object.keys(sketch.document.nodes).find((id) => id.startsWith('block')) ?? '';
    }
    expect(errors(sketch)[0]).toMatchObject({ code: 'block/too-many-parts', args: { max: 5000 } });
  });

  it('are looked at again when their definition changes', () => {
    const remembering = createAnalyser();
    const sketch = packed();
    expect(remembering(sketch.document).nodes['block_1']?.params).toBe(148);
    const definition = required(sketch.document.blocks['stem_1'], 'it');
    const nodes = definition.graph.nodes.map((part) =>
      part.type === 'Conv2D' ? { ...part, params: { ...part.params, filters: 5 } } : part,
    );
    const changed = {
      ...sketch.document,
      blocks: { stem_1: { ...definition, graph: { ...definition.graph, nodes } } },
    };
    expect(remembering(changed)).toEqual(analyse(changed));
    expect(remembering(changed).nodes['block_1']?.params).toBe(185);
  });
});

/** Thousands of documents take seconds, more on a busy machine. */
const timeout = 60_000;

it('whatever a file says of blocks, analysis and compiler answer with problems', { timeout }, () => {
  const sketch = packed([size]);
  sketch.run({ kind: 'packNodes', nodes: ['block_1'], name: 'outer', repeat: 2 });
  const file = JSON.parse(serialiseDocument(sketch.document)) as Json;
  const odd = fc.oneof(
    json,
    fc.constantFrom<Json>('stem_1', 'outer_1', 'conv2d_1', 'Block', 'Input', 'in', 'in0', [], 0, 100, null),
  );
  let looked = 0;
  fc.assert(
    fc.property(fc.constantFrom(...pathsOf(file)), odd, (path, value) => {
      const parsed = parseDocument(JSON.stringify(replaceAt(file, path, value)));
      if (!parsed.ok) return;
      looked++;
      const { document } = parsed.value;
      const { problems } = analyse(document);
      const result = compileDocument(document);
      if (problems.some(({ severity }) => severity === 'error')) expect(result.ok).toBe(false);
      for (const node of Object.keys(document.nodes)) {
        if (isExpandable(document, node)) expansionOf(document, analyse(document), node);
      }
    }),
    { numRuns: 1000 },
  );
  expect(looked).toBeGreaterThan(50);
});
