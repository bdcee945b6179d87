/** Image folders in both training scripts: the classes, the split and the pixels that our engine reads, and its losses. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { compileDocument } from '@shared/compile/compile';
import type { GraphDocument } from '@shared/document/types';
import { serialiseDocument } from '@shared/document/serialise';
import { templateOf } from '@shared/templates';
import { parseTraining } from '@shared/training/settings';
import { required } from '@shared/util/assert';
import type { JsonObject } from '@shared/util/json';
import { success } from '@shared/util/result';
import { dataSources } from '../../src-main/engine/data/sources';
import { openDataset } from '../../src-main/engine/data/open-dataset';
import { exported, ExportFolder } from '../engine/export-support';
import { fakeNetwork } from '../engine/fake-network';
import { expectOk } from '../engine/graph-session';
import { stripes, writeClasses, writeFileIn } from '../engine/image-folders';
import { configuration, imageSettings, Listener, must, openEngine } from '../engine/support';
import { readLines } from './metric-lines';
import { openPeers, PEERS_TIMEOUT, runPeer, runPython } from './peer-python';

const folder = new ExportFolder();
afterAll(() => folder.remove());

let python = '';
const kinds = folder.path('kinds');
beforeAll(async () => {
  const peers = await openPeers(['safetensors', { module: 'PIL', pip: 'pillow' }]);
  if ('missing' in peers) throw new Error(`No script was run: ${peers.missing}.`);
  ({ python } = peers);
  await runPeer(python, 'image_kinds.py', [kinds]);
}, PEERS_TIMEOUT);

/** In the order of code units, which is not that of code points; and a name in two parts that is one letter. */
const CLASSES = ['Zebra', 'cat', 'e\u0301tude', '\u{1f600}', '\uff5e'];

/** What a folder may hold: images in folders, hidden ones, others' files, and some that cannot be read. */
function writeMixed(root: string): void {
  writeClasses(root, CLASSES, 7);
  writeFileIn(root, 'cat/deeper/still/0.png', stripes(1, 50));
  writeFileIn(root, 'cat/UPPER.PNG', stripes(1, 51, 9));
  writeFileIn(root, 'cat/.hidden.png', stripes(1, 52));
  writeFileIn(root, '.hidden/1.png', stripes(1, 53));
  writeFileIn(root, 'cat/notes.txt', 'hello');
  writeFileIn(root, 'cat/no-image.png', 'hello');
  writeFileIn(root, 'Zebra/cut.png', stripes(0, 54).subarray(0, 300));
  writeFileIn(root, 'Zebra/named-otherwise.png', stripes(0, 55, 20, 'jpg'));
  writeFileIn(root, 'empty/notes.txt', 'no class');
}

function writeKinds(root: string, kind: 'png' | 'jpeg'): void {
  const files = readdirSync(join(kinds, kind)).sort();
  files.forEach((file, index) => {
    for (const within of [`train/${index % 2 === 0 ? 'a' : 'b'}`, 'val/b']) {
      mkdirSync(join(root, within), { recursive: true });
      copyFileSync(join(kinds, kind, file), join(root, within, file));
    }
  });
}

function documentOf(
  path: string,
  { classes, input, training = {} }: { classes: number; input: number[]; training?: JsonObject },
): GraphDocument {
  const document = required(templateOf('lenet'), 'LeNet').create({ input, classes });
  const settings = { dataset: path, testShare: 0.3, seed: 11, precision: 'fp32', ...training };
  return { ...document, training: { ...document.training, ...settings } };
}

interface Read {
  readonly images: Uint8Array;
  readonly labels: readonly number[];
}
type Splits = Readonly<Record<'train' | 'test', Read>>;

/** By the engine, put into a session that keeps what it is fed. */
async function ours(document: GraphDocument): Promise<Splits> {
  const program = expectOk(compileDocument(document));
  const { settings } = parseTraining(document.training);
  const sources = dataSources(configuration(null), imageSettings(folder.path('cache')), {
    onProgress: () => undefined,
    isStopped: () => false,
  });
  const dataset = must(await openDataset(program, settings.dataset, settings, sources));
  const network = await fakeNetwork({});
  const feed = vi.spyOn(network, 'feedData').mockResolvedValue(success(true));
  must(await dataset.enterTrain(network));
  must(await dataset.enterTest(network));
  await dataset.close();
  const [train, test] = feed.mock.calls.map(([, { images, labels }]) => ({
    images: Uint8Array.from(images),
    labels: [...labels],
  }));
  return { train: required(train, 'a split'), test: required(test, 'a split') };
}

const targets = ['keras-script', 'pytorch-script'] as const;
type ScriptTarget = (typeof targets)[number];
const labelsOf = z.object({ train: z.array(z.number()), test: z.array(z.number()) });

async function scriptFor(target: ScriptTarget, name: string, document: GraphDocument): Promise<string> {
  const path = folder.path(`${name}-${target}${target === 'keras-script' ? '.py' : ''}`);
  await exported({ target, document: serialiseDocument(document), path, overwrite: true });
  return target === 'keras-script' ? path : join(path, 'train.py');
}

async function theirs(target: ScriptTarget, name: string, document: GraphDocument): Promise<Splits> {
  const script = await scriptFor(target, name, document);
  const out = folder.path(`${name}-${target}-read`);
  const path = parseTraining(document.training).settings.dataset;
  const labels = labelsOf.parse(JSON.parse(await runPeer(python, 'script_images.py', [script, path, out])));
  const read = (split: 'train' | 'test'): Read => ({
    images: Uint8Array.from(readFileSync(join(out, `${split}.images`))),
    labels: labels[split],
  });
  return { train: read('train'), test: read('test') };
}

/** The last digits in which decoders of JPEG differ, where pixels are noise. */
const ROUNDING = 4;
const MEAN_OF_COLOURS = 8;
const SIDE = 28;

function differences(a: Read, b: Read): readonly number[] {
  expect(a.images).toHaveLength(b.images.length);
  return Array.from(a.images, (value, index) => Math.abs(value - (b.images[index] ?? NaN)));
}

const largest = (values: readonly number[]): number =>
  values.reduce((most, value) => Math.max(most, value), 0);
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Image by image. */
function rows(values: readonly number[]): readonly (readonly number[])[] {
  const size = SIDE * SIDE * 3;
  return Array.from({ length: values.length / size }, (_, row) => values.slice(row * size, (row + 1) * size));
}

/** Our own run, from the weights that an export of the document has. */
async function trained(document: GraphDocument) {
  const client = await openEngine({}, imageSettings(folder.path('cache')));
  const listener = new Listener(client);
  must(await client.call('train', { document: serialiseDocument(document) }));
  expect(await listener.ended).toEqual({ state: 'done' });
  return { losses: listener.losses, epochs: listener.epochs };
}

/** The script from those weights. */
async function run(target: ScriptTarget, document: GraphDocument) {
  const path = parseTraining(document.training).settings.dataset;
  const script = await scriptFor(target, basename(path), document);
  const text = serialiseDocument(document);
  const [format, file] =
    target === 'keras-script' ? ['keras', '.keras'] : ['pytorch', '/weights.safetensors'];
  const model = `${path}-initial${file}`;
  await exported({
    target: format,
    document: text,
    path: target === 'keras-script' ? model : dirname(model),
  });
  const output = target === 'keras-script' ? [] : ['--output', `${path}-run`];
  const printed = await runPython(python, [script, '--data', path, '--weights', model, ...output]);
  return { ...readLines(printed), output: printed };
}

describe.each(targets)('%s', (target) => {
  it.each([
    { colours: 'colour', input: [26, 30, 3] },
    { colours: 'grey', input: [26, 30, 1] },
  ])(
    'reads every kind of PNG to the same bytes: $colours',
    { timeout: 300_000 },
    async ({ colours, input }) => {
      const root = folder.path(`${target}-png-${colours}`);
      writeKinds(root, 'png');
      const document = documentOf(root, { classes: 2, input });
      const own = await ours(document);
      expect([own.train.labels.length, own.test.labels.length]).toEqual([11, 11]);
      expect(await theirs(target, `png-${colours}`, document)).toEqual(own);
    },
  );

  it('reads JPEG to within what decoders differ by', { timeout: 300_000 }, async () => {
    const root = folder.path(`${target}-jpeg`);
    writeKinds(root, 'jpeg');
    const document = documentOf(root, { classes: 2, input: [SIDE, SIDE, 3] });
    const [own, other] = [await ours(document), await theirs(target, 'jpeg', document)];
    expect([other.train.labels, other.test.labels]).toEqual([own.train.labels, own.test.labels]);
    const [full = [], grey = [], halved = [], progressive = []] = rows(differences(own.test, other.test));
    const sizes = { full: largest(full), grey: largest(grey), progressive: largest(progressive) };
    console.log(`${target}: ${JSON.stringify({ ...sizes, halved: [largest(halved), mean(halved)] })}`);
    expect(Math.max(...Object.values(sizes))).toBeLessThanOrEqual(2);
    // Pillow draws colours of half the size smoothly, our decoder in squares.
    expect(mean(halved)).toBeLessThan(MEAN_OF_COLOURS);
  });

  it('lists and splits as we do, whatever the folder holds', { timeout: 300_000 }, async () => {
    const root = folder.path(`${target}-mixed`);
    writeMixed(root);
    const document = documentOf(root, { classes: CLASSES.length, input: [20, 20, 3] });
    const [own, other] = [await ours(document), await theirs(target, 'mixed', document)];
    expect([other.train.labels, other.test.labels]).toEqual([own.train.labels, own.test.labels]);
    expect(new Set(own.test.labels).size).toBe(CLASSES.length);
    expect(largest(differences(own.train, other.train))).toBeLessThanOrEqual(ROUNDING);
    expect(largest(differences(own.test, other.test))).toBeLessThanOrEqual(ROUNDING);
  });

  it('trains on them as we do, and tells no path', { timeout: 300_000 }, async () => {
    const root = folder.path(`${target}-trained`);
    CLASSES.forEach((name, label) => {
      for (let index = 0; index < 6; index++)
        writeFileIn(root, `${name}/${index}.png`, stripes(label, index));
    });
    // Two of each class are tested with; all others are one batch, whose order does not matter.
    const training = { batchSize: 4 * CLASSES.length, epochs: 2, optimizer: 'sgd', learningRate: 0.05 };
    const document = documentOf(root, { classes: CLASSES.length, input: [20, 20, 3], training });
    const own = await trained(document);
    const { steps, epochs, output } = await run(target, document);
    expect(steps).toHaveLength(2);
    steps.forEach(({ loss }, step) => expect(loss / required(own.losses[step], 'a loss')).toBeCloseTo(1, 4));
    epochs.forEach(({ valLoss, valAccuracy }, index) => {
      const record = required(own.epochs[index], 'an epoch');
      expect(valLoss / record.valLoss).toBeCloseTo(1, 4);
      expect(valAccuracy).toBe(record.valAccuracy);
    });
    expect(JSON.parse(output.split('\n')[0] ?? '')).toMatchObject({
      ...{ dataset: `${target}-trained`, trainSamples: 20, testSamples: 10 },
    });
    expect(output + readFileSync(await scriptFor(target, 'trained', document), 'utf8')).not.toContain(root);
  });

  it('says what is wrong with a folder', { timeout: 300_000 }, async () => {
    const root = folder.path(`${target}-other`);
    writeClasses(root, ['a', 'b', 'c'], 2);
    const document = documentOf(root, { classes: 2, input: [20, 20, 3] });
    await expect(run(target, document)).rejects.toThrow('has 3 classes, the network has 2');
  });
});
