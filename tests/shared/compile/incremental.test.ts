/** Whatever was edited, undone and opened before: the analyser that remembers says what one that starts afresh says. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyse, createAnalyser } from '@shared/compile/analyse';
import { compileDocument } from '@shared/compile/compile';
import { expansionOf, isExpandable } from '@shared/compile/expansion';
import type { Command } from '@shared/document/commands';
import { DocumentStore } from '@shared/document/store';
import type { GraphDocument } from '@shared/document/types';
import { templateOf } from '@shared/templates';
import { required } from '@shared/util/assert';
import { commandOf, intent } from '../document/arbitrary';
import { denseNet, denseNet121 } from '../dense-net';
import { Chooser, decisions, validGraph } from '../random-graphs';
import { packed, size } from './packed';

/** Values that mean something to many nodes: shapes change behind them, or no longer fit. */
const values = fc.tuple(
  fc.constantFrom(
    'filters',
    'kernelSize',
    'strides',
    'padding',
    'units',
    'shape',
    'repeat',
    'layers',
    'size',
  ),
  fc.constantFrom(1, 2, 5, [1, 1], [2, 2], [3, 3], [9, 9, 4], 'same', 'valid', null),
);

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant('set' as const), node: fc.nat(1000), value: values }),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('edit' as const), intent }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constantFrom('undo' as const, 'redo' as const) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('open' as const), node: fc.nat(1000) }) },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function take(store: DocumentStore, next: Step): void {
  const { document } = store;
  const nodes = Object.keys(document.nodes);
  const node = nodes[('node' in next ? next.node : 0) % Math.max(1, nodes.length)];
  if (next.does === 'undo') store.undo();
  else if (next.does === 'redo') store.redo();
  else if (next.does === 'edit') executeIfAny(store, commandOf(document, next.intent));
  else if (next.does === 'set') {
    const [param, value] = next.value;
    if (node !== undefined) store.execute({ kind: 'setParam', node, param, value });
  } else executeIfAny(store, opening(document, node));
}

function executeIfAny(store: DocumentStore, command: Command | undefined): void {
  if (command !== undefined) store.execute(command);
}

function opening(document: GraphDocument, node: string | undefined): Command | undefined {
  if (node === undefined || !isExpandable(document, node)) return undefined;
  const graph = expansionOf(document, analyse(document), node);
  return graph.ok ? { kind: 'expandBlock', node, graph: graph.value } : undefined;
}

function agrees(document: GraphDocument, steps: readonly Step[]): void {
  const store = new DocumentStore(document);
  const remembering = createAnalyser();
  expect(remembering(document)).toEqual(analyse(document));
  for (const next of steps) {
    take(store, next);
    expect(remembering(store.document)).toEqual(analyse(store.document));
  }
}

const steps = fc.array(step, { minLength: 4, maxLength: 16 });
const template = (id: string) => required(templateOf(id), id).create();

describe('an analyser that remembers', () => {
  it('agrees with one that starts afresh on a network of every kind of node', () => {
    const start = decisions.map((chosen) => validGraph(new Chooser(chosen)));
    fc.assert(fc.property(start, steps, agrees), { numRuns: 60 });
  });

  it.each(['lenet-bn', 'resnet-18', 'googlenet'])('agrees on %s and its blocks', (id) => {
    fc.assert(fc.property(fc.constant(template(id)), steps, agrees), { numRuns: 15 });
  });

  it('agrees on blocks of the user', () => {
    const { document } = packed([size]);
    fc.assert(fc.property(fc.constant(document), steps, agrees), { numRuns: 60 });
  });

  it('keeps the very objects of nodes that an edit does not reach', () => {
    const document = denseNet([2, 2]);
    const store = new DocumentStore(document);
    const remembering = createAnalyser();
    const before = remembering(document);
    store.execute({ kind: 'setParam', node: 'conv2d_6', param: 'filters', value: 48 });
    const after = remembering(store.document);
    const changed = Object.keys(after.nodes).filter((id) => after.nodes[id] !== before.nodes[id]);
    expect(changed).toContain('conv2d_6');
    expect(changed).not.toContain('conv2d_5');
    // The first convolution's weights and what lies before them have nothing to do with it.
    expect(after.nodes['conv2d_1']).toBe(before.nodes['conv2d_1']);
    store.undo();
    expect(remembering(store.document)).toEqual(before);
  });
});

describe('DenseNet-121 layer by layer', () => {
  const document = denseNet(denseNet121);

  it('has the figures of its authors', () => {
    const { problems, totals, output } = analyse(document);
    expect(Object.keys(document.nodes).length).toBeGreaterThan(400);
    expect(problems).toEqual([]);
    expect(output).toEqual([1000]);
    // torchvision.models.densenet121: 7,978,856 parameters; table 1 of the paper has 7 × 7 before the pooling.
    expect(totals.trainableParams).toBe(7_978_856);
    expect(analyse(document).nodes['concatenate_58']?.outputShape).toEqual([7, 7, 1024]);
  });

  it('compiles to the same bytes each time', () => {
    const [first, second] = [compileDocument(document), compileDocument(denseNet(denseNet121))];
    expect(first.ok && second.ok && Buffer.compare(first.value.savedModel, second.value.savedModel)).toBe(0);
  });
});
