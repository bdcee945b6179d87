/** The projection onto Svelte Flow: only what changed is replaced, and view state survives. */
import { beforeEach, describe, expect, test } from 'vitest';
import { tabIndexOf } from '../../src-renderer/canvas/flow-items';
import { FlowProjection } from '../../src-renderer/canvas/projection.svelte';
import type { AppState } from '../../src-renderer/state/app.svelte';
import { idOf, makeApp } from './support';

let app: AppState;
let projection: FlowProjection;

beforeEach(() => {
  ({ app } = makeApp());
  projection = new FlowProjection(app.selection);
  sync();
});

function sync(): void {
  projection.sync(app.documents.document, app.documents.analysis, app.preferences.locale);
}

/** Ids of the nodes and wires whose objects are others than before. */
function replacedBy(change: () => void): { nodes: string[]; edges: string[] } {
  const [nodes, edges] = [new Set(projection.nodes), new Set(projection.edges)];
  change();
  sync();
  return {
    nodes: projection.nodes.filter((node) => !nodes.has(node)).map(({ id }) => id),
    edges: projection.edges.filter((edge) => !edges.has(edge)).map(({ id }) => id),
  };
}

describe('identity', () => {
  test('nothing changed, nothing is replaced, not even the arrays', () => {
    const { nodes, edges } = projection;
    sync();
    expect(projection.nodes).toBe(nodes);
    expect(projection.edges).toBe(edges);
  });

  test('a move replaces one node and keeps its view', () => {
    const id = idOf(app, 'conv1');
    const view = projection.nodes.find((node) => node.id === id)?.data.view;
    const replaced = replacedBy(() => app.editor.moveTo({ [id]: { x: 500, y: 500 } }));
    expect(replaced).toEqual({ nodes: [id], edges: [] });
    expect(projection.nodes.find((node) => node.id === id)?.data.view).toBe(view);
  });

  test('another width of a layer replaces what depends on it, and no more', () => {
    const id = idOf(app, 'dense2');
    const replaced = replacedBy(() =>
      app.editor.execute({ kind: 'setParam', node: id, param: 'units', value: 50 }),
    );
    // What they show: dense3 still gives ten values.
    const [dense, sigmoid, last] = ['dense2', 'sigmoid4', 'dense3'].map((name) => idOf(app, name));
    expect(new Set(replaced.nodes)).toEqual(new Set([dense, sigmoid]));
    expect(new Set(replaced.edges)).toEqual(new Set([`${sigmoid}.in`, `${last}.in`]));
  });
});

test('measured sizes survive an edit', () => {
  const id = idOf(app, 'conv1');
  projection.nodes = projection.nodes.map((node) => ({ ...node, measured: { width: 208, height: 50 } }));
  app.editor.rename(id, 'first');
  sync();
  expect(projection.nodes.find((node) => node.id === id)?.measured).toEqual({ width: 208, height: 50 });
  expect(projection.nodes.find((node) => node.id === id)?.data.view.name).toBe('first');
});

test('selection goes both ways, and one node is the tab stop', () => {
  const [first, second] = [idOf(app, 'conv1'), idOf(app, 'conv2')];
  app.selection.select([first]);
  projection.applySelection(app.selection.nodes, app.selection.wires, app.selection.current);
  expect(projection.nodes.filter(({ selected }) => selected).map(({ id }) => id)).toEqual([first]);
  expect(projection.nodes.filter((node) => tabIndexOf(node) === 0).map(({ id }) => id)).toEqual([first]);
  projection.nodes = projection.nodes.map((node) => ({ ...node, selected: node.id === second }));
  expect([...app.selection.nodes]).toEqual([second]);
});

test('an abandoned drag leaves every node where the document has it', () => {
  const id = idOf(app, 'conv1');
  const home = app.documents.document.nodes[id]?.position;
  const moved = () =>
    projection.nodes.map((node) =>
      node.id === id ? { ...node, position: { x: 9, y: 9 }, dragging: true } : node,
    );
  projection.nodes = moved();
  expect(projection.nodes.find((node) => node.id === id)?.position).toEqual({ x: 9, y: 9 });
  projection.abandonDrag();
  projection.nodes = moved();
  expect(projection.nodes.find((node) => node.id === id)?.position).toEqual(home);
});

test('in the other language every label is', () => {
  app.preferences.toggleLocale();
  sync();
  expect(projection.nodes.every(({ ariaLabel }) => ariaLabel?.includes('，'))).toBe(true);
});
