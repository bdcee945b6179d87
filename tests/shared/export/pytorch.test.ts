/** PyTorch exports: names and layouts of weights, classes of blocks, and code that names cannot change. */
import { describe, expect, it, test } from 'vitest';
import type { GraphDocument } from '@shared/document/types';
import { exportModelOf } from '@shared/export/build-model';
import type { ExportModel } from '@shared/export/model';
import pytorch from '@shared/export/pytorch';
import { modelFile } from '@shared/export/pytorch/model-file';
import { fromTorch, torchWeights, toTorch } from '@shared/export/pytorch/weight-names';
import script from '@shared/export/pytorch-script';
import type { Exported } from '@shared/export/target';
import { templateOf } from '@shared/templates';
import { required } from '@shared/util/assert';
import { expectOk, sample, size } from '../../engine/graph-session';
import { smallTemplates } from '../small-templates';
import { around } from '../compile/around';
import { Sketch } from '../sketch';
import { exampleModels } from './examples';
import { nastyDocument, plainDocument, repeatedDocument } from './python-cases';
import { pythonTokens } from './python-tokens';
import { randomInput } from './random-weights';

const modelOf = (document: GraphDocument): ExportModel => expectOk(exportModelOf(document, 'test'));
const codeOf = (document: GraphDocument): string => modelFile(modelOf(document), '1.0.0');
const template = (id: string) => required(templateOf(id), id).create({});

function textOf({ files }: Exported, path: string): string {
  const file = required(
    files.find((each) => each.path === path),
    path,
  );
  return Buffer.concat(file.parts.map((part) => Buffer.from(part))).toString('utf8');
}

describe.each([
  ...smallTemplates,
  ...exampleModels.map(({ definition: { type }, document }, index) => ({
    name: `${type} ${index}`,
    document,
  })),
  { name: 'repeated blocks', document: repeatedDocument() },
])('$name', ({ document }) => {
  it('has every weight once, under a name of its own, and turns it there and back', () => {
    const model = modelOf(document);
    const weights = torchWeights(model);
    const expected = model.layers.flatMap((layer) => layer.weights.map(({ name }) => name));
    expect(weights.map(({ weight }) => weight).sort()).toEqual([...expected].sort());
    expect(new Set(weights.map(({ torchName }) => torchName)).size).toBe(weights.length);
    for (const weight of weights.filter(({ ownDims }) => size(ownDims) < 5000)) {
      const { dims, ownDims, view } = weight;
      expect([size(dims), size(view)]).toEqual([size(ownDims), size(ownDims)]);
      const values = sample(size(ownDims), 3, { low: -1, high: 1 });
      expect(fromTorch(weight, toTorch(weight, values))).toEqual(values);
    }
  });
});

test('a kernel of a convolution is [out, in, height, width], by its formula', () => {
  const { document } = around([5, 5, 2], 'Conv2D', { filters: 3, kernelSize: [2, 4] });
  const weight = required(torchWeights(modelOf(document))[0], 'a kernel');
  expect(weight).toMatchObject({
    torchName: 'conv2d_1.weight',
    weight: 'conv2d_1/kernel',
    dims: [3, 2, 2, 4],
  });
  const ours = Float32Array.from({ length: 2 * 4 * 2 * 3 }, (_, index) => index);
  const turned = toTorch(weight, ours);
  for (let [out, at] = [0, 0]; out < 3; out++)
    for (let channel = 0; channel < 2; channel++)
      for (let y = 0; y < 2; y++)
        for (let x = 0; x < 4; x++, at++) expect(turned[at]).toBe(((y * 4 + x) * 2 + channel) * 3 + out);
});

describe('behind a Flatten', () => {
  const flattened = (between: readonly string[]): Sketch => {
    const sketch = new Sketch();
    let last = sketch.add('Flatten', {}, sketch.add('Input', { shape: [2, 3, 4] }));
    for (const type of between) last = sketch.add(type, {}, last);
    sketch.add('Output', {}, sketch.add('Dense', { units: 5 }, last));
    return sketch;
  };

  it('features come channel by channel, and rows of the kernel and what is between follow', () => {
    const { document } = flattened(['BatchNormalization', 'Activation']);
    expect(codeOf(document)).toContain('self.flatten_1 = nn.Flatten()');
    const weights = torchWeights(modelOf(document));
    const kernel = required(
      weights.find(({ role }) => role === 'kernel'),
      'the kernel',
    );
    const turned = toTorch(
      kernel,
      Float32Array.from({ length: 24 * 5 }, (_, index) => index),
    );
    const gamma = required(
      weights.find(({ role }) => role === 'gamma'),
      'gamma',
    );
    const scales = toTorch(
      gamma,
      Float32Array.from({ length: 24 }, (_, index) => index),
    );
    for (let channel = 0; channel < 4; channel++)
      for (let y = 0; y < 2; y++)
        for (let x = 0; x < 3; x++) {
          const [ours, theirs] = [(y * 3 + x) * 4 + channel, (channel * 2 + y) * 3 + x];
          expect(turned[2 * 24 + theirs]).toBe(ours * 5 + 2);
          expect(scales[theirs]).toBe(ours);
        }
  });

  it('they keep our order where something minds it', () => {
    const { document } = flattened(['Reshape']);
    expect(codeOf(document)).toContain('self.flatten_1 = Reshape((24,))');
    const kernel = required(torchWeights(modelOf(document))[0], 'the kernel');
    expect(kernel.permutation).toEqual([1, 0]);
  });
});

describe('blocks', () => {
  it('of one form share a class with arguments', () => {
    const code = codeOf(template('googlenet'));
    expect(code.match(/^class \w+/gm)).toEqual(['class InceptionBlock', 'class Network']);
    expect(code).toContain('def __init__(self, in_channels, c1, c2, c3, c4):');
    expect(code).toContain('self.conv2b = nn.Conv2d(c2[0], c2[1], kernel_size=3, padding=1)');
    expect(code).toContain('self.inception3a = InceptionBlock(192, c1=64, c2=(96, 128), c3=(16, 32), c4=32)');
    expect(code).toContain('return torch.cat((y1, y2, y3, y4), dim=1)');
  });

  it('of another form have a class that says in what', () => {
    const code = codeOf(template('resnet-50'));
    expect(code.match(/^class \w+/gm)).toEqual([
      ...['class BottleneckBlockWithShortcut', 'class BottleneckBlock', 'class Network'],
    ]);
    expect(code).toContain('nn.Conv2d(filters, filters * 4, kernel_size=1)');
    expect(code).toContain('return self.relu(y + self.shortcut(x))');
    expect(codeOf(template('vgg-16')).match(/^class \w+/gm)).toEqual([
      ...['class VggBlock2', 'class VggBlock3', 'class Network'],
    ]);
  });

  it('that repeat stand one behind the other', () => {
    const code = codeOf(repeatedDocument());
    expect(code).toContain('nn.Sequential(Stem(4, size=6), Stem(6, size=6), Stem(6, size=6))');
    const names = torchWeights(modelOf(repeatedDocument())).map(({ torchName }) => torchName);
    expect(names).toContain('stem.2.conv2d_1.weight');
  });
});

describe('names that are code', () => {
  /** Without comments, which hold what the user typed, and line ends after them. */
  const codeIn = (target: typeof pytorch | typeof script, path: string, document: GraphDocument) =>
    pythonTokens(textOf(expectOk(target.export(randomInput(document), {})), path))
      .filter(({ kind }) => kind !== 'comment')
      .map(({ text }) => text);

  it.each([
    { id: 'pytorch', target: pytorch, path: 'model.py' },
    { id: 'pytorch-script', target: script, path: 'model.py' },
    { id: 'pytorch-script', target: script, path: 'train.py' },
  ])('give the code that harmless names give: $id $path', ({ target, path }) => {
    expect(codeIn(target, path, nastyDocument())).toEqual(codeIn(target, path, plainDocument()));
  });

  it('leave the methods of modules alone', () => {
    const code = codeOf(nastyDocument());
    expect(code).toMatch(/self\.forward_2 = /);
    expect(code).not.toMatch(/self\.(forward|training|parameters) = /);
  });
});

test('settings of the document come into the script', () => {
  const base = template('lenet');
  const training = {
    ...{
      ...base.training,
      dataset: 'fashion-mnist',
      schedule: 'cosine',
      warmupEpochs: 1,
      optimizer: 'adamw',
    },
    ...{
      weightDecay: 0.01,
      randomFlip: 'horizontal',
      classWeights: Array.from({ length: 10 }, (_, i) => i + 1),
    },
  };
  const text = textOf(expectOk(script.export(randomInput({ ...base, training }), {})), 'train.py');
  expect(text).toContain('"train-images-idx3-ubyte"');
  expect(text).toContain('math.cos(math.pi * progress)');
  expect(text).toContain('torch.optim.AdamW(');
  expect(text).toContain('F.grid_sample(');
  expect(text).toContain('losses * torch.tensor(SETTINGS["classWeights"]');
  expect(() => pythonTokens(text)).not.toThrow();
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
});
