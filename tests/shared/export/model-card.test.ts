/** The model card: its figures are those of document and run, and names do nothing to its form. */
import { expect, test } from 'vitest';
import { analyse } from '@shared/compile/analyse';
import { applyCommand, applyDiff } from '@shared/document/apply';
import type { GraphDocument } from '@shared/document/types';
import { exportModelOf } from '@shared/export/build-model';
import { modelCard } from '@shared/export/model-card/model-card';
import type { ExportOrigin } from '@shared/export/model';
import { templateOf } from '@shared/templates';
import type { Locale } from '@shared/texts/text';

const initial: ExportOrigin = { kind: 'initial', seed: 7 };

function card(document: GraphDocument, origin = initial, locale: Locale = 'en', name = 'net'): string {
  const model = exportModelOf(document, name);
  if (!model.ok) throw new Error(JSON.stringify(model.error));
  return modelCard({
    ...{ model: model.value, document, origin, locale, weights: new Map() },
    ...{ fileName: 'net.md', layerloomVersion: '1.2.3' },
  });
}

/** Cells of the rows of the table below the heading, its header left out. */
function rows(text: string, heading: string): readonly (readonly string[])[] {
  const section = text.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

test('has a row for every layer and part, and sums that are right', () => {
  const document = templateOf('resnet-18')?.create() as GraphDocument;
  const table = rows(card(document), 'Layers');
  const { totals } = analyse(document);
  const number = (text = '') => Number(text.replaceAll(',', '').replace('–', '0'));
  const outer = table.filter(([name = '']) => !name.startsWith('&emsp;')).slice(0, -1);
  expect(outer).toHaveLength(Object.keys(document.nodes).length);
  expect(outer.reduce((sum, row) => sum + number(row[3]), 0)).toBe(totals.params);
  expect(table.at(-1)?.map(number).slice(3)).toEqual([totals.params, totals.macs]);
  const inner = table.filter(([name = '']) => name.startsWith('&emsp;'));
  expect(inner.length).toBeGreaterThan(40);
  expect(card(document)).toContain('(seed 7)');
});

test('has the epochs of the run', () => {
  const history = [1, 2, 3].map((epoch) => ({
    ...{
      epoch,
      loss: 1 / epoch,
      accuracy: 0.5,
      valLoss: 0.25,
      valAccuracy: 0.875,
      seconds: 2,
      samplesPerSecond: 9,
    },
  }));
  const text = card(templateOf('lenet')?.create() as GraphDocument, {
    kind: 'run',
    epochs: 3,
    steps: 9,
    history,
  });
  expect(rows(text, 'Results')).toEqual(
    history.map(({ epoch, loss }) => [String(epoch), loss.toFixed(4), '50.00 %', '0.2500', '87.50 %', '2.0']),
  );
});

test('keeps its form whatever nodes are called', () => {
  let document = templateOf('lenet')?.create() as GraphDocument;
  const [node = ''] = Object.keys(document.nodes);
  const name = 'a | b\n# c <script>alert(1)</script> `d` [e](f) **g**';
  const renamed = applyCommand(document, { kind: 'renameNode', node, name });
  if (!renamed.ok) throw new Error('refused');
  document = applyDiff(document, renamed.value);
  const text = card(document, initial, 'en', name);
  expect(text).not.toContain('<script>');
  expect(rows(text, 'Layers').every((row) => row.length === 5)).toBe(true);
  expect(text.match(/^# /gm)).toHaveLength(1);
});

test('speaks Chinese', () => {
  const text = card(templateOf('lenet')?.create() as GraphDocument, initial, 'zh-CN');
  expect(text).toContain('## 训练设置');
  expect(text).not.toMatch(/\{\w+\}/);
});
