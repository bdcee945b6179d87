/** Large networks on the canvas: which nodes are made, a few with each frame, and what stands in for the others. */
import { describe, expect, test } from 'vitest';
import type { FlowProjection } from '../../src-renderer/canvas/projection.svelte';
import { boxOf, nextShown, shownMeanwhile } from '../../src-renderer/canvas/shown-nodes';
import { type Box, overlaps } from '@shared/layout/box';
import { denseNet } from '../shared/dense-net';
import { largeProjection } from './large-projection';

/** All steps until nothing more is to come. */
function settle(projection: FlowProjection, view: Box | undefined, before: ReadonlySet<string> = new Set()) {
  const steps = [before];
  for (;;) {
    const { nodes, isUnfinished } = nextShown(projection, steps.at(-1) ?? before, view, new Set(['input_1']));
    steps.push(nodes);
    projection.show(nodes);
    if (!isUnfinished) return steps;
  }
}

const somewhere: Box = { x: 500, y: 200, width: 900, height: 700 };
const elsewhere: Box = { x: 9000, y: 200, width: 900, height: 700 };

describe('a network of hundreds of nodes', () => {
  test('draws none at first, and knows the size and the ports of all', () => {
    const { projection } = largeProjection();
    expect(projection.isLarge).toBe(true);
    expect(projection.nodes.every(({ hidden }) => hidden)).toBe(true);
    const join = projection.nodes.find(({ id }) => id === 'concatenate_1');
    expect(join?.measured).toEqual({ width: 208, height: 54 });
    expect(join?.handles?.map(({ id, type }) => [id, type])).toEqual([
      ['in0', 'target'],
      ['in1', 'target'],
      ['in2', 'target'],
      ['out', 'source'],
    ]);
  });

  test('makes what is in view in small steps, and the ends of its wires', () => {
    const { projection } = largeProjection();
    const steps = settle(projection, somewhere);
    for (const [i, step] of steps.entries())
      expect([...step].filter((id) => !steps[i - 1]?.has(id)).length).toBeLessThanOrEqual(3);
    const shown = steps.at(-1) ?? new Set();
    const inView = projection.nodes.filter((node) => overlaps(boxOf(node), somewhere));
    expect(inView.length).toBeGreaterThan(10);
    for (const { id, hidden } of inView) expect([id, hidden]).toEqual([id, false]);
    for (const { source, target } of projection.edges) {
      if (inView.some(({ id }) => id === source || id === target))
        expect([shown.has(source), shown.has(target)]).toEqual([true, true]);
    }
    expect(shown.size).toBeLessThan(projection.nodes.length / 4);
  });

  test('makes nothing while the view moves but what the keyboard is at', () => {
    const before = new Set(['conv2d_1']);
    expect(shownMeanwhile(before, new Set(['conv2d_1']))).toBe(before);
    expect(shownMeanwhile(before, new Set(['dense_1']))).toEqual(new Set(['conv2d_1', 'dense_1']));
  });

  test('takes away what has gone out of view, but not the node that the keyboard is at', () => {
    const { projection } = largeProjection();
    const before = settle(projection, somewhere).at(-1) ?? new Set<string>();
    const after = settle(projection, elsewhere, before).at(-1) ?? new Set<string>();
    expect(after.has('input_1')).toBe(true);
    const far = projection.nodes.filter((node) => boxOf(node).x < 3000 && node.id !== 'input_1');
    expect(far.some(({ id }) => after.has(id))).toBe(false);
    expect(settle(projection, undefined, after).at(-1)).toEqual(new Set(['input_1']));
  });

  test('keeps the objects of nodes that an edit does not reach', () => {
    const { app, projection, sync } = largeProjection();
    settle(projection, somewhere);
    const before = new Set(projection.nodes);
    app.editor.execute({ kind: 'setParam', node: 'dense_1', param: 'units', value: 10 });
    sync();
    const replaced = projection.nodes.filter((node) => !before.has(node)).map(({ id }) => id);
    // The Output shows how many values come.
    expect(replaced).toEqual(['dense_1', 'output_1']);
  });

  test('shows a drag, and goes home when it is given up', () => {
    const { projection } = largeProjection();
    const placeOf = (id: string) => projection.nodes.find((node) => node.id === id)?.position;
    const home = placeOf('conv2d_9');
    projection.preview(new Set(['conv2d_9']), { x: 30, y: -20 });
    expect(placeOf('conv2d_9')).toEqual({ x: (home?.x ?? 0) + 30, y: (home?.y ?? 0) - 20 });
    projection.abandonDrag();
    projection.preview(new Set(['conv2d_9']), { x: 60, y: 0 });
    expect(placeOf('conv2d_9')).toEqual(home);
  });
});

test('below the limit every node is drawn and measured by what is drawn', () => {
  const { app, projection, sync } = largeProjection();
  app.documents.open(denseNet([1, 1]));
  sync();
  expect(projection.isLarge).toBe(false);
  expect(projection.nodes.some(({ hidden, handles }) => hidden === true || handles !== undefined)).toBe(
    false,
  );
});
