/** Opening a block changes nothing that can be computed, and closing it leaves no trace. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyse, stepMemoryBytes } from '@shared/compile/analyse';
import { expansionOf, isExpandable } from '@shared/compile/expansion';
import { nodeList } from '@shared/nodes';
import { isComposite } from '@shared/nodes/define';
import { required } from '@shared/util/assert';
import { Sketch } from '../sketch';
import { around } from './around';
import { packed } from './packed';

/** Opens every block, those inside blocks too, until none is left. */
function openAll(sketch: Sketch): Sketch {
  for (;;) {
    const block = Object.keys(sketch.document.nodes).find((id) => isExpandable(sketch.document, id));
    if (block === undefined) return sketch;
    const graph = expansionOf(sketch.document, analyse(sketch.document), block);
    if (!graph.ok) throw new Error(JSON.stringify(graph.error));
    sketch.run({ kind: 'expandBlock', node: block, graph: graph.value });
  }
}

describe('opening a block', () => {
  const blocks = nodeList
    .filter(isComposite)
    .flatMap(({ type, examples }) =>
      examples.map(({ inputs, params }) => ({ type, shape: inputs[0] ?? [], params })),
    );

  /** Everything that does not depend on where the limits of nodes are. */
  const seen = ({ totals, input, output, minimumBatch, nodes }: ReturnType<typeof analyse>) => {
    const field = nodes['flatten_1']?.inputShapes['in'];
    return { totals, input, output, field, batch: minimumBatch.size };
  };

  it.each(blocks)(
    '$type $params changes nothing of the analysis, and closing it nothing of the document',
    ({ type, shape, params }) => {
      const sketch = around(shape, type, params);
      const before = sketch.document;
      const analysis = analyse(before);
      openAll(sketch);
      const open = analyse(sketch.document);
      expect(open.problems).toEqual([]);
      expect(seen(open)).toEqual(seen(analysis));
      expect(stepMemoryBytes(open, 8, 'adam')).toBe(stepMemoryBytes(analysis, 8, 'adam'));
      const [group] = Object.values(sketch.document.groups);
      const { outputShape, receptiveField } = required(open.nodes[group?.output ?? ''], 'the last part');
      expect({ outputShape, receptiveField }).toEqual({
        outputShape: analysis.nodes[group?.node.id ?? '']?.outputShape,
        receptiveField: analysis.nodes[group?.node.id ?? '']?.receptiveField,
      });
      sketch.run({ kind: 'collapseGroup', group: group?.id ?? '' });
      expect({ ...sketch.document, lastIds: before.lastIds }).toEqual(before);
    },
  );

  it('of any chain of blocks, packed and repeated, changes nothing either', () => {
    const link = fc.record({
      block: fc.constantFrom(
        ...([
          'VggBlock',
          'NinBlock',
          'InceptionBlock',
          'ResidualBlock',
          'DenseBlock',
          'TransitionLayer',
        ] as const),
      ),
      repeat: fc.integer({ min: 1, max: 3 }),
      isPacked: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(link, { minLength: 1, maxLength: 3 }), (links) => {
        const sketch = new Sketch();
        let last = sketch.add('Input', { shape: [64, 64, 2] });
        links.forEach(({ block, repeat, isPacked }, index) => {
          last = sketch.add(block, {}, last);
          if (!isPacked) return;
          sketch.run({ kind: 'packNodes', nodes: [last], name: `b${index}`, repeat });
          last = Object.values(sketch.document.nodes).find(({ name }) => name === `b${index}`)?.id ?? '';
        });
        sketch.add('Output', {}, sketch.add('Dense', {}, sketch.add('Flatten', {}, last)));
        const before = analyse(sketch.document);
        if (before.problems.length > 0) return;
        expect(seen(analyse(openAll(sketch).document))).toEqual(seen(before));
      }),
      { numRuns: 15 },
    );
  });

  it('needs its inputs, unless it is a block of the user', () => {
    const sketch = new Sketch();
    const block = sketch.add('ResidualBlock', {});
    const missing = expansionOf(sketch.document, analyse(sketch.document), block);
    expect(missing).toMatchObject({ ok: false, error: [{ code: 'block/not-ready', node: block }] });
    const own = packed();
    own.run({ kind: 'disconnect', to: ['block_1', 'in'] });
    expect(expansionOf(own.document, analyse(own.document), 'block_1')).toMatchObject({ ok: true });
    const bad = around([6, 6, 3], 'DenseBlock', { growthRate: 0 });
    expect(expansionOf(bad.document, analyse(bad.document), 'dense_block_1')).toMatchObject({
      error: [{ code: 'param/out-of-range', param: 'growthRate', node: 'dense_block_1' }],
    });
  });
});
