/** Pictures of graphs and curves: whole, well-formed, where the document has things, whatever nodes are called. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GraphDocument } from '@shared/document/types';
import { anyTargetOf, exportTargetOf } from '@shared/export';
import { exportModelOf } from '@shared/export/build-model';
import type { ExportOrigin } from '@shared/export/model';
import { axis } from '@shared/export/pictures/axis';
import { runCurves } from '@shared/export/pictures/run-curves';
import { pictureThemes } from '@shared/export/pictures/theme';
import { isDrawing } from '@shared/export/target';
import { defaultParams } from '@shared/params/fields';
import { templateOf, templates } from '@shared/templates';
import type { JsonObject } from '@shared/util/json';
import { Chooser, decisions, validGraph } from '../random-graphs';
import { elementsOf, parseXml, type XmlElement } from './xml';

const tokens = readFileSync(join(import.meta.dirname, '../../../src-renderer/styles/tokens.css'), 'utf8');

test.each(['light', 'dark'] as const)('the %s theme has the colours of the window', (name) => {
  const block = tokens.split(':root')[name === 'light' ? 1 : 2] ?? '';
  const colour = (variable: string) => new RegExp(`--${variable}: (#\\w+);`).exec(block)?.[1];
  const { categories, ...own } = pictureThemes[name];
  expect(own).toEqual({
    ...{ background: colour('bg'), box: colour('raised'), line: colour('line'), text: colour('text') },
    ...{
      lineStrong: colour('line-strong'),
      dim: colour('dim'),
      faint: colour('faint'),
      wire: colour('wire'),
    },
    ...{ bad: colour('bad'), train: colour('train'), test: colour('test') },
  });
  expect(Object.values(categories)).toEqual(
    ['io', 'conv', 'pool', 'dense', 'norm', 'act', 'drop', 'merge', 'shape', 'block'].map(colour),
  );
});

function draw(document: GraphDocument, options: JsonObject = {}, selection?: readonly string[]): XmlElement {
  const target = anyTargetOf('svg');
  if (target === undefined || !isDrawing(target)) throw new Error('no svg');
  const drawn = target.draw(
    {
      document,
      name: 'net',
      fileName: 'net.svg',
      locale: 'en',
      layerloomVersion: '0',
      ...(selection && { selection }),
    },
    { ...defaultParams(target.options), ...options },
  );
  if (!drawn.ok) throw new Error(JSON.stringify(drawn.error));
  const [file] = drawn.value.files;
  return parseXml(file && 'parts' in file ? file.parts.join('').trim() : '');
}

/** The names that are drawn: those that are cut have the whole in their title. */
const namesIn = (svg: XmlElement) =>
  elementsOf(svg)
    .filter(({ name, attributes }) => name === 'text' && attributes['font-size'] === '13')
    .map(({ text, children }) => children.find(({ name }) => name === 'title')?.text ?? text);
const wiresIn = (svg: XmlElement) => elementsOf(svg).filter(({ name }) => name === 'path');

describe('a graph', () => {
  test.each(templates.map(({ id }) => id))('of %s has every node and wire, inside the picture', (id) => {
    const document = templateOf(id)?.create() as GraphDocument;
    const svg = draw(document);
    expect(namesIn(svg).sort()).toEqual(
      Object.values(document.nodes)
        .map(({ name }) => name)
        .sort(),
    );
    expect(wiresIn(svg)).toHaveLength(Object.keys(document.wires).length);
    const [, , width = 0, height = 0] = svg.attributes['viewBox']?.split(' ').map(Number) ?? [];
    const group = svg.children.find(({ name }) => name === 'g');
    const [dx = 0, dy = 0] =
      /translate\((.*),(.*)\)/
        .exec(group?.attributes['transform'] ?? '')
        ?.slice(1)
        .map(Number) ?? [];
    const boxes = elementsOf(svg).filter(({ attributes }) => attributes['rx'] === '9');
    for (const { attributes } of boxes) {
      expect(Number(attributes['x']) + dx).toBeGreaterThan(0);
      expect(Number(attributes['y']) + dy).toBeGreaterThan(0);
      expect(Number(attributes['x']) + dx + 208).toBeLessThan(width);
      expect(Number(attributes['y']) + dy + 54).toBeLessThan(height);
    }
    for (const { position } of Object.values(document.nodes)) {
      const isThere = boxes.some(
        ({ attributes }) => Number(attributes['x']) === position.x && Number(attributes['y']) === position.y,
      );
      expect(isThere).toBe(true);
    }
  });

  test('of a selection has its nodes and the wires among them', () => {
    const document = templateOf('lenet')?.create() as GraphDocument;
    const ids = Object.keys(document.nodes).filter((id) => document.nodes[id]?.name.startsWith('conv'));
    const svg = draw(document, {}, ids);
    expect(namesIn(svg).sort()).toEqual(['conv1', 'conv2']);
    expect(wiresIn(svg)).toEqual([]);
  });

  test('can be transparent, dark and without shapes', () => {
    const document = templateOf('lenet')?.create() as GraphDocument;
    const background = (svg: XmlElement) =>
      svg.children.find(({ name }) => name === 'rect')?.attributes['fill'];
    expect(background(draw(document))).toBe('#f6f7f9');
    expect(background(draw(document, { theme: 'dark' }))).toBe('#0f1216');
    expect(background(draw(document, { hasBackground: false }))).toBe(undefined);
    const texts = (svg: XmlElement) => elementsOf(svg).filter(({ name }) => name === 'text').length;
    const wires = Object.keys(document.wires).length;
    expect(texts(draw(document, { showsShapes: false }))).toBe(texts(draw(document)) - wires);
  });

  test('without nodes is refused in words', () => {
    const document = templateOf('lenet')?.create() as GraphDocument;
    expect(() => draw(document, {}, [])).toThrow('export/nothing-drawn');
  });

  test('is well-formed whatever its nodes are called, mistakes and all', () => {
    fc.assert(
      fc.property(decisions, fc.string({ unit: 'binary', minLength: 1 }), (numbers, name) => {
        const document = validGraph(new Chooser(numbers));
        const nodes = Object.fromEntries(
          Object.values(document.nodes).map((node) => [
            node.id,
            { ...node, name: `${name}</text><script>${node.id}`, type: numbers[0] === 1 ? '<x>' : node.type },
          ]),
        );
        const svg = draw({ ...document, nodes });
        expect(elementsOf(svg).map((each) => each.name)).not.toContain('script');
        expect(
          elementsOf(svg).filter(({ attributes }) => attributes['rx'] === '9').length,
        ).toBeGreaterThanOrEqual(Object.keys(nodes).length);
      }),
      { numRuns: 30 },
    );
  });
});

const origin: Extract<ExportOrigin, { kind: 'run' }> = {
  ...{ kind: 'run', epochs: 2, steps: 6 },
  stepHistory: [2, 1.5, NaN, 1, 0.75, 0.5].map((loss, step) => ({
    ...{ event: 'step', step, epoch: step < 3 ? 1 : 2, loss, accuracy: step / 10 },
  })),
  history: [1, 2].map((epoch) => ({
    ...{
      epoch,
      loss: 1,
      accuracy: 0.5,
      valLoss: 1 / epoch,
      valAccuracy: 0.4 * epoch,
      seconds: 2,
      samplesPerSecond: 10,
    },
  })),
};

describe('curves', () => {
  const exported = (id: string, options: JsonObject = {}) => {
    const model = exportModelOf(templateOf('lenet')?.create() as GraphDocument, 'net');
    const target = exportTargetOf(id);
    if (!model.ok || target === undefined) throw new Error('no target');
    const result = target.export(
      {
        ...{
          model: model.value,
          document: templateOf('lenet')?.create() as GraphDocument,
          origin,
          weights: new Map(),
        },
        ...{ locale: 'en', fileName: 'x', layerloomVersion: '0' },
      },
      { ...defaultParams(target.options), ...options },
    );
    if (!result.ok) throw new Error(JSON.stringify(result.error));
    return result.value.files[0]?.parts.join('') ?? '';
  };

  test('have every finite step, and the test at the last step of its epoch', () => {
    const { raw, smooth, test: tested } = runCurves(origin, 'loss');
    expect(raw).toEqual([
      [1, 2],
      [2, 1.5],
      [4, 1],
      [5, 0.75],
      [6, 0.5],
    ]);
    expect(tested).toEqual([
      [3, 1],
      [6, 0.5],
    ]);
    // average + 2 / 41 * (value - average), from the first value on.
    expect(smooth[1]?.[1]).toBeCloseTo(2 - (2 / 41) * 0.5, 12);
  });

  test('are drawn where the axes say', () => {
    const svg = parseXml(exported('curves-svg').trim());
    const circles = elementsOf(svg).filter(({ name }) => name === 'circle');
    // Steps from 0 to 6 over 672 pixels from 64 on; accuracy from 0 to 1 over 220 pixels.
    const places = circles
      .slice(2)
      .map(({ attributes }) => [Number(attributes['cx']), Number(attributes['cy'])]);
    expect(places).toEqual([
      [64 + 336, 40 + 220 * 0.6],
      [64 + 672, 40 + 220 * 0.2],
    ]);
  });

  test('as CSV have a row for each step or epoch', () => {
    expect(exported('curves-csv')).toBe(
      'step,epoch,loss,accuracy\n0,1,2,0\n1,1,1.5,0.1\n2,1,,0.2\n3,2,1,0.3\n4,2,0.75,0.4\n5,2,0.5,0.5\n',
    );
    expect(exported('curves-csv', { rows: 'epochs' }).split('\n').slice(0, 2)).toEqual([
      'epoch,loss,accuracy,valLoss,valAccuracy,seconds,samplesPerSecond',
      '1,1,0.5,1,0.4,2,10',
    ]);
  });

  test('have axes of round steps that hold all values', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        fc.integer({ min: 2, max: 10 }),
        (max, count) => {
          const { ticks, ...range } = axis(0, max, count);
          expect(range.max).toBeGreaterThanOrEqual(max * (1 - 1e-9));
          expect(ticks.length).toBeLessThanOrEqual(count + 2);
          expect(ticks.length).toBeGreaterThan(1);
        },
      ),
    );
  });
});
