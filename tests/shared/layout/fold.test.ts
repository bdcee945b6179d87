/** Arranging long networks: columns side by side, nothing on top of anything, cut where few wires go through. */
import { describe, expect, test } from 'vitest';
import { arrange } from '@shared/layout/arrange';
import { boundsOf, overlaps } from '@shared/layout/box';
import { fold } from '@shared/layout/fold';
import { denseNet, denseNet121 } from '../dense-net';

const size = { width: 208, height: 54 };

test('DenseNet-121 becomes about as wide as a canvas, without overlaps', () => {
  const document = denseNet(denseNet121);
  const positions = arrange(document, () => size);
  expect(Object.keys(positions).sort()).toEqual(Object.keys(document.nodes).sort());
  const boxes = Object.values(positions).map((position) => ({ ...position, ...size }));
  const { width, height } = boundsOf(boxes);
  expect(width / height).toBeGreaterThan(0.8);
  expect(width / height).toBeLessThan(4);
  const clashes = boxes.filter((box, i) => boxes.slice(i + 1).some((other) => overlaps(box, other)));
  expect(clashes).toEqual([]);
});

describe('folding', () => {
  const chain = Array.from({ length: 80 }, (_, i) => [`n${i}`, { x: 0, y: i * 100, ...size }] as const);
  const boxes = new Map(chain);
  const next = chain.slice(1).map(([id], i) => [`n${i}`, id] as const);

  test('what is not tall stays as it is', () => {
    const short = new Map(chain.slice(0, 20));
    expect(fold(short, next)).toBe(short);
  });

  test('keeps the order within a column, and goes on at the top of the next', () => {
    const folded = [...fold(boxes, next).values()];
    const tops = folded.map(({ y }, i) => y - (folded[i - 1]?.y ?? -100));
    expect(new Set(tops.filter((step) => step > 0))).toEqual(new Set([100]));
    const restarts = folded.filter(({ y }) => y === 0);
    expect(restarts.length).toBeGreaterThan(2);
    expect(restarts.map(({ x }) => x)).toEqual([...new Set(folded.map(({ x }) => x))]);
  });

  test('cuts beside bundles of wires, not through them', () => {
    const columns = new Set([...fold(boxes, next).values()].map(({ x }) => x)).size;
    const middle = Math.round(80 / columns);
    // Five wires over the place where the first column would end.
    const bundle = [1, 2, 3, 4, 5].map((i) => [`n${middle - 1}`, `n${middle + (i % 2)}`] as const);
    const folded = fold(boxes, [...next, ...bundle]);
    const xs = [middle - 1, middle, middle + 1].map((i) => folded.get(`n${i}`)?.x);
    expect(new Set(xs).size).toBe(1);
  });
});
