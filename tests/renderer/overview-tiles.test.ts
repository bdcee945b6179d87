/** The painted part of a large network: which tiles there are, and which of them are painted again. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { formatShape } from '@shared/ir/shape';
import { right } from '@shared/layout/box';
import {
  boxOfTile,
  type Outlook,
  OverviewTiles,
  placesInView,
} from '../../src-renderer/canvas/overview-tiles';
import { Palette } from '../../src-renderer/canvas/overview-drawing';
import { denseNet } from '../shared/dense-net';
import { largeProjection } from './large-projection';

const outlooks = fc.record({
  viewport: fc.record({
    x: fc.double({ min: -9000, max: 9000, noNaN: true }),
    y: fc.double({ min: -9000, max: 9000, noNaN: true }),
    zoom: fc.double({ min: 0.02, max: 2.5, noNaN: true }),
  }),
  width: fc.integer({ min: 50, max: 2000 }),
  height: fc.integer({ min: 50, max: 1500 }),
  density: fc.constantFrom(1, 1.1, 1.25, 1.5, 2, 3),
});

describe('tiles', () => {
  test('cover the view, side by side, and none lies outside', () => {
    fc.assert(
      fc.property(outlooks, fc.double({ min: 0, max: 0.999, noNaN: true }), (outlook, share) => {
        const { viewport, width, height } = outlook;
        const [x, y] = [
          (width * share - viewport.x) / viewport.zoom,
          (height * share - viewport.y) / viewport.zoom,
        ];
        const boxes = placesInView(outlook).map((place) => boxOfTile(place, outlook));
        const around = boxes.filter(
          (box) => box.x <= x && x < right(box) && box.y <= y && y < box.y + box.height,
        );
        expect(around).toHaveLength(1);
        for (const box of boxes) {
          const left = box.x * viewport.zoom + viewport.x;
          expect(left).toBeLessThan(width + 1e-6);
          expect(left + box.width * viewport.zoom).toBeGreaterThan(-1e-6);
        }
      }),
    );
  });

  test('are whole pixels of the screen', () => {
    for (const density of [1, 1.1, 1.25, 1.5, 2, 3]) {
      const outlook = { viewport: { x: 0, y: 0, zoom: 1 }, width: 10, height: 10, density };
      const pixels = boxOfTile([0, 0], outlook).width * density;
      expect(Math.abs(pixels - Math.round(pixels))).toBeLessThan(1e-9);
    }
  });
});

/** Counts how often canvases are cleared, which every painting begins with. */
let paintings = 0;
let texts: string[] = [];
const getContext: unknown = Reflect.get(HTMLCanvasElement.prototype, 'getContext');

beforeEach(() => {
  paintings = 0;
  texts = [];
  const kept = {
    clearRect: () => (paintings += 1),
    fillText: (text: string) => texts.push(text),
  };
  // Whatever else is called has no effect, or measures a text.
  const context = new Proxy(kept, {
    get: (target, name): unknown => Reflect.get(target, name) ?? (() => ({ width: 40 })),
  });
  vi.stubGlobal(
    'Path2D',
    class {
      addPath(): void {
        // There is nothing to draw on.
      }
    },
  );
  Reflect.set(HTMLCanvasElement.prototype, 'getContext', () => context);
});

afterEach(() => {
  Reflect.set(HTMLCanvasElement.prototype, 'getContext', getContext);
  vi.unstubAllGlobals();
});

function opened() {
  const { app, projection, sync } = largeProjection();
  const parent = document.createElement('div');
  const tiles = new OverviewTiles(parent);
  const palette = new Palette(parent);
  const lifted: { wire?: string } = {};
  /** Tiles that are painted in order to show the view. */
  const paint = (outlook: Outlook): number => {
    const before = paintings;
    const { nodes, edges } = projection;
    tiles.draw({ nodes, edges, lifted: lifted.wire }, outlook, palette);
    return paintings - before;
  };
  return { app, projection, sync, parent, paint, lifted };
}

const start: Outlook = { viewport: { x: 0, y: 0, zoom: 0.5 }, width: 900, height: 600, density: 1 };
const moved = (x: number): Outlook => ({ ...start, viewport: { ...start.viewport, x } });

describe('painting', () => {
  test('happens once for a view, and moving it paints what comes into view', () => {
    const { paint, parent } = opened();
    const all = paint(start);
    expect(all).toBeGreaterThan(4);
    expect(parent.childElementCount).toBe(all);
    expect(paint(start)).toBe(0);
    expect(paint(moved(-20))).toBe(0);
    const column = paint(moved(-200));
    expect(column).toBeGreaterThan(0);
    expect(column).toBeLessThan(all);
    // What has just left is still there.
    expect(paint(start)).toBe(0);
  });

  test('shows a node near as its element does, farther away its name, from afar neither', () => {
    const { app, paint } = opened();
    const { outputShape } = app.documents.analysis.nodes['conv2d_2'] ?? {};
    paint(start);
    const near = ['conv2d_2', 'Conv2D', formatShape(outputShape ?? [])];
    expect(texts).toEqual(expect.arrayContaining(near));
    texts = [];
    paint({ ...start, viewport: { ...start.viewport, zoom: 0.3 } });
    expect(texts).toContain('conv2d_2');
    expect(texts).not.toContain('Conv2D');
    texts = [];
    paint({ ...start, viewport: { ...start.viewport, zoom: 0.1 } });
    expect(texts).toEqual([]);
  });

  test('happens anew at another zoom, in the same canvases', () => {
    const { paint, parent } = opened();
    const all = paint(start);
    const canvases = new Set(parent.children);
    expect(paint({ ...start, viewport: { x: 0, y: 0, zoom: 0.45 } })).toBeGreaterThan(4);
    expect([...parent.children].filter((each) => canvases.has(each)).length).toBeGreaterThanOrEqual(
      Math.min(all, parent.childElementCount),
    );
  });

  test('waits where a node becomes an element in its place, and not where it goes', () => {
    const { projection, paint } = opened();
    paint(start);
    const shown = new Set(['conv2d_2', 'conv2d_3', 'batch_normalization_2']);
    projection.show(shown);
    expect(paint(start)).toBe(0);
    const place = (id: string, by: number) =>
      projection.nodes.map((node) =>
        node.id === id ? { ...node, position: { ...node.position, x: node.position.x + by } } : node,
      );
    projection.nodes = place('conv2d_2', 30);
    expect(paint(start)).toBeGreaterThan(0);
    expect(paint(start)).toBe(0);
    projection.show(new Set());
    expect(paint(start)).toBeGreaterThan(0);
  });

  test('takes away what was painted under elements, where those move or go', () => {
    const changes: readonly ((one: ReturnType<typeof opened>) => void)[] = [
      ({ projection }) => {
        projection.nodes = projection.nodes.map((node) =>
          node.id === 'conv2d_3'
            ? { ...node, position: { x: node.position.x, y: node.position.y + 9 } }
            : node,
        );
      },
      ({ app, sync }) => {
        app.editor.execute({ kind: 'removeNodes', nodes: ['conv2d_3'], heal: false });
        sync();
      },
      ({ app, sync }) => {
        app.editor.disconnect(['conv2d_3', 'in']);
        sync();
      },
      ({ app, sync }) => {
        app.documents.open(denseNet([1, 1]));
        sync();
      },
      ({ projection, lifted }) => {
        lifted.wire = projection.edges.find(({ target }) => target === 'conv2d_3')?.id ?? '';
      },
    ];
    for (const change of changes) {
      const one = opened();
      one.paint(start);
      const canvases = one.parent.childElementCount;
      one.projection.show(new Set(one.projection.nodes.map(({ id }) => id)));
      expect(one.paint(start)).toBe(0);
      expect(one.parent.childElementCount).toBe(canvases);
      change(one);
      // With nothing else to show there, the canvas goes.
      expect(one.paint(start)).toBe(0);
      expect(one.parent.childElementCount).toBeLessThan(canvases);
    }
  });

  test('shows what is selected, edited and removed', () => {
    const { app, projection, sync, paint } = opened();
    paint(start);
    projection.applySelection(new Set(['conv2d_2']), new Set(), undefined);
    expect(paint(start)).toBeGreaterThan(0);
    app.editor.execute({ kind: 'removeNodes', nodes: ['conv2d_3'], heal: false });
    sync();
    expect(paint(start)).toBeGreaterThan(0);
    expect(paint(start)).toBe(0);
  });
});
