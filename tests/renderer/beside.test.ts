/** Where a floating box goes: near what it belongs to, on no other box if there is room, always in view. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Box, overlaps } from '@shared/layout/box';
import { placeBeside } from '../../src-renderer/editing/beside';

const floating = { width: 272, height: 140, margin: 14 };
const pane = { width: 900, height: 600 };
const node = (x: number, y: number): Box => ({ x, y, width: 208, height: 64 });
const placed = (box: Box, others: readonly Box[]): Box => ({
  ...placeBeside(box, floating, pane, others),
  width: floating.width,
  height: floating.height,
});

describe('a floating box', () => {
  test('stands on the right, in the middle of its side', () => {
    expect(placed(node(100, 200), [])).toMatchObject({ x: 322, y: 162 });
  });

  test('goes to the left where the right is taken or out of view', () => {
    expect(placed(node(400, 200), [node(640, 200)])).toMatchObject({ x: 114 });
    expect(placed(node(650, 200), [])).toMatchObject({ x: 364 });
  });

  test('goes below or above in a row', () => {
    const row = [node(40, 20), node(620, 20)];
    expect(placed(node(330, 20), row)).toMatchObject({ y: 98 });
    expect(placed(node(330, 500), [node(40, 500), node(620, 500)])).toMatchObject({ y: 346 });
  });

  test('goes to a corner where all around is full', () => {
    const around = [0, 1, 2].flatMap((x) => [0, 1, 2, 3, 4].map((y) => node(20 + x * 230, 60 + y * 90)));
    const [own = node(0, 0)] = around.splice(7, 1);
    const found = placed(own, around);
    expect(around.filter((other) => overlaps(found, other)).length).toBeLessThan(3);
  });

  test('is in view and off its node wherever nodes are, and on no other where one node is alone', () => {
    const boxes = fc.record({ x: fc.integer({ min: 0, max: 690 }), y: fc.integer({ min: 0, max: 530 }) });
    fc.assert(
      fc.property(boxes, fc.array(boxes, { maxLength: 12 }), ({ x, y }, others) => {
        const own = node(x, y);
        const found = placed(
          own,
          others.map((other) => node(other.x, other.y)),
        );
        expect(found.x).toBeGreaterThanOrEqual(0);
        expect(found.y).toBeGreaterThanOrEqual(0);
        expect(found.x + found.width).toBeLessThanOrEqual(pane.width);
        expect(found.y + found.height).toBeLessThanOrEqual(pane.height);
        if (others.length === 0) expect(overlaps(found, own)).toBe(false);
      }),
    );
  });
});
