/** What both training scripts make of image folders and of precision, as text; tests/parity runs them. */
import { describe, expect, it } from 'vitest';
import type { GraphDocument } from '@shared/document/types';
import { exportTargetOf } from '@shared/export';
import { templateOf } from '@shared/templates';
import { precisionNames } from '@shared/training/precision';
import { required } from '@shared/util/assert';
import type { JsonObject } from '@shared/util/json';
import { expectOk } from '../../engine/graph-session';
import { Sketch } from '../sketch';
import { pythonTokens } from './python-tokens';
import { randomInput } from './random-weights';

const lenet = required(templateOf('lenet'), 'LeNet').create({});
const withSettings = (training: JsonObject, document: GraphDocument = lenet): GraphDocument => ({
  ...document,
  training: { ...document.training, ...training },
});

/** The script that trains. */
function scriptOf(id: string, document: GraphDocument): string {
  const target = required(exportTargetOf(id), id);
  const { files } = expectOk(target.export(randomInput(document, 'net.py'), {}));
  return String(required(files[0], 'a file').parts.join(''));
}

/** Names and texts of the code, whichever quotes it has. */
function wordsOf(text: string): readonly string[] {
  return pythonTokens(text)
    .filter(({ kind }) => kind !== 'newline' && kind !== 'comment')
    .map((token) => token.text.replace(/^(f?)'(.*)'$/, '$1"$2"'));
}

/** From one definition to the end of another. */
function between(text: string, from: string, to: string): string {
  const [begin, last] = [text.indexOf(`def ${from}(`), text.indexOf(`def ${to}(`)];
  expect(Math.min(begin, last)).toBeGreaterThan(0);
  const rest = text.slice(last);
  return text.slice(begin, last) + rest.slice(0, rest.search(/\n\n\n/));
}

const targets = ['keras-script', 'pytorch-script'] as const;
const folder = '/home/someone/private/flowers';

describe.each(targets)('%s', (id) => {
  it('of a document in fp32 has nothing of other precisions', () => {
    const text = scriptOf(id, lenet);
    expect(text).not.toMatch(/autocast|GradScaler|logits_of|dtype_policy|float16|dtype='float32'\)/);
  });

  it.each(precisionNames)('is Python in %s', (precision) => {
    const text = scriptOf(id, withSettings({ precision }));
    expect(() => pythonTokens(text)).not.toThrow();
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(110);
  });

  it('of an image folder names the folder, not where it lies', () => {
    const text = scriptOf(id, withSettings({ dataset: folder }));
    expect(text).toContain('flowers');
    expect(text).not.toContain('private');
    expect(text).toMatch(/^from PIL import Image$/m);
    expect(() => pythonTokens(text)).not.toThrow();
  });

  it('of a folder that is called like a data set reads the folder', () => {
    expect(scriptOf(id, withSettings({ dataset: '/data/mnist' }))).toContain('def read_folder(folder):');
    expect(scriptOf(id, withSettings({ dataset: 'mnist' }))).not.toContain('read_folder');
  });

  it('of a folder whose name is code has a text', () => {
    const hostile = `/data/x'"""); import os #\u2028\\`;
    const [plain, nasty] = ['/data/plain', hostile].map((dataset) => scriptOf(id, withSettings({ dataset })));
    const kinds = (text = '') => pythonTokens(text).map(({ kind }) => kind);
    expect(kinds(nasty)).toEqual(kinds(plain));
  });
});

it('both scripts read folders by the same code', () => {
  const [keras = '', torch = ''] = targets.map((id) => scriptOf(id, withSettings({ dataset: folder })));
  const parts = [keras, torch].map((text) => wordsOf(between(text, 'read_folder', 'colours')));
  expect(parts[0]?.length).toBeGreaterThan(500);
  expect(parts[0]).toEqual(parts[1]);
});

it('Keras takes the policy of the document before it makes a layer', () => {
  const policies = { bf16: 'mixed_bfloat16', fp16: 'mixed_float16' };
  for (const [precision, policy] of Object.entries(policies)) {
    const text = scriptOf('keras-script', withSettings({ precision }));
    const main = text.slice(text.indexOf('def main():'));
    const [set, made] = [`set_dtype_policy('${policy}')`, 'build_model()'].map((part) => main.indexOf(part));
    expect(set).toBeGreaterThan(0);
    expect(made).toBeGreaterThan(set ?? Infinity);
    expect(text).toMatch(/outputs = layers\.Activation\('softmax', name='\w+', dtype='float32'\)/);
  }
});

it('PyTorch scales gradients in fp16 alone, and keeps the scale', () => {
  const [bf16 = '', fp16 = ''] = ['bf16', 'fp16'].map((precision) =>
    scriptOf('pytorch-script', withSettings({ precision })),
  );
  expect(bf16).toContain('torch.autocast(images.device.type, dtype=torch.bfloat16)');
  expect(bf16).not.toContain('scaler');
  expect(fp16).toContain('torch.autocast(images.device.type, dtype=torch.float16)');
  for (const part of [
    'scale(loss).backward()',
    'step(self.optimizer)',
    'update()',
    'load_state_dict(scaling)',
  ])
    expect(fp16).toContain(`self.scaler.${part}`);
  expect(fp16).toContain('"lossScaling"');
});

it('blocks called like functions that read folders get other names', () => {
  const sketch = new Sketch();
  const input = sketch.add('Input', { shape: [8, 8, 3] });
  const conv = sketch.add('Conv2D', { filters: 2 }, input);
  const relu = sketch.add('Activation', {}, conv);
  sketch.add('Output', {}, sketch.add('Dense', { units: 3 }, sketch.add('Flatten', {}, relu)));
  sketch.run({ kind: 'packNodes', nodes: [conv, relu], name: 'read_folder' });
  const text = scriptOf('keras-script', withSettings({ dataset: folder }, sketch.document));
  expect(text.match(/^def read_folder\w*\(/gm)).toEqual(['def read_folder(', 'def read_folder_2(']);
});
