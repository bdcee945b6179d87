/** Training on image folders: in memory and streamed alike to the last bit, bad images, the cache, and resuming. */
import { readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode as encodePng } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serialiseDocument } from '@shared/document/serialise';
import { decodeImage } from '@shared/images/decode';
import { fitImage } from '@shared/images/fit';
import type { EngineContract } from '@shared/ipc/engine.contract';
import type { Client } from '@shared/ipc/rpc';
import { runRecord } from '@shared/run/record';
import { templateOf } from '@shared/templates';
import type { JsonObject } from '@shared/util/json';
import type { ImageLimits } from '../../src-main/engine/data/folder/image-settings';
import { stripes, writeClasses, writeFileIn } from './image-folders';
import { imageSettings, Listener, must, openEngine, TestFolders } from './support';

const folders = new TestFolders();
afterAll(() => folders.remove());

const INPUT = [16, 16, 3];
/** In the order of code units. */
const CLASSES = ['cat', 'Ünïcode', '狗'];
const PER_CLASS = 12;
const cache = folders.next();
const images = folders.next();
beforeAll(() => writeClasses(images, CLASSES, PER_CLASS));

/** LeNet on that folder: 30 images to train on in batches of 8, the last of 6. */
function documentOf(training: JsonObject = {}, folder = images, classes = CLASSES.length): string {
  const document = templateOf('lenet-bn')?.create({ input: INPUT, classes });
  if (document === undefined) throw new Error('there is no such template');
  const settings = { dataset: folder, epochs: 2, batchSize: 8, testShare: 0.15, seed: 4, ...training };
  return serialiseDocument({ ...document, training: { ...document.training, ...settings } });
}

interface Told {
  readonly listener: Listener;
  readonly client: Client<EngineContract>;
  /** How often it was told that images were decoded. */
  readonly readings: number;
}

async function train(
  document: string,
  limits: Partial<ImageLimits> = {},
  { runDirectory = null, cacheFolder = cache }: { runDirectory?: string | null; cacheFolder?: string } = {},
): Promise<Told> {
  const client = await openEngine({ runDirectory }, imageSettings(cacheFolder, limits));
  const listener = new Listener(client);
  let readings = 0;
  client.on('reading', () => readings++);
  must(await client.call('train', { document }));
  expect(await listener.ended).toEqual({ state: 'done' });
  return { listener, client, readings };
}

const figuresOf = ({ listener }: Told) => ({
  losses: listener.losses,
  epochs: listener.epochs.map(({ loss, accuracy, valLoss, valAccuracy }) => [
    ...[loss, accuracy, valLoss, valAccuracy],
  ]),
});

describe('in memory and streamed', () => {
  const augmented = {
    ...{
      randomFlip: 'horizontal',
      randomCrop: 2,
      randomRotation: 10,
      randomZoom: 0.1,
      randomBrightness: 0.1,
    },
  };

  it.each([
    ['without augmentation', {}],
    ['with augmentation', augmented],
  ])('%s: the same figures to the last bit, from the cache or decoded each time', async (_what, training) => {
    const document = documentOf(training);
    const inMemory = await train(document);
    const streamed = await train(document, { sessionBytes: 0 });
    const decoded = await train(
      document,
      { sessionBytes: 0, cacheBytes: 0 },
      { cacheFolder: folders.next() },
    );
    expect(inMemory.listener.losses).toHaveLength(2 * Math.ceil(30 / 8));
    expect(figuresOf(streamed)).toEqual(figuresOf(inMemory));
    expect(figuresOf(decoded)).toEqual(figuresOf(inMemory));
    const [first] = inMemory.listener.epochs;
    expect(inMemory.listener.epochs.at(-1)?.loss).toBeLessThan(first?.loss ?? 0);
  });

  it('shows the same test images, as they are in their files', async () => {
    const pages = await Promise.all(
      [{}, { sessionBytes: 0 }].map(async (limits) => {
        const { client } = await train(documentOf({ epochs: 1 }), limits);
        const evaluated = must(await client.call('evaluate', {}));
        return { page: must(await client.call('predictTest', { offset: 0, limit: 10 })), evaluated };
      }),
    );
    expect(pages[1]).toEqual(pages[0]);
    const shown = pages[0]?.page;
    expect(shown?.total).toBe(6);
    const files = CLASSES.flatMap((name) =>
      readdirSync(join(images, name)).map((file) => readFileSync(join(images, name, file))),
    );
    const known = files.map((bytes) => fitImage(must(decodeImage(bytes)), INPUT).join());
    for (const { pixels, label } of shown?.images ?? []) {
      expect(Math.floor(known.indexOf(pixels.join()) / PER_CLASS)).toBe(label);
    }
  });
});

describe('images that cannot be read', () => {
  const huge = Uint8Array.from(encodePng({ width: 2, height: 2, channels: 1, data: new Uint8Array(4) }));
  new DataView(huge.buffer).setUint32(16, 100_000);
  new DataView(huge.buffer).setUint32(20, 100_000);

  it('are left out, counted and named; the others are trained on', async () => {
    const folder = folders.next();
    writeClasses(folder, CLASSES, PER_CLASS);
    writeFileIn(folder, 'cat/000.png', 'hello');
    writeFileIn(folder, 'cat/huge.png', huge);
    writeFileIn(folder, '狗/cut.jpg', stripes(2, 9, 20, 'jpg').subarray(0, 120));
    writeFileIn(folder, '狗/empty.png', '');
    const { listener } = await train(documentOf({ epochs: 1 }, folder));
    const [told] = listener.states.filter(({ problem }) => problem !== undefined);
    expect(told?.problem).toMatchObject({ code: 'data/unreadable-images', severity: 'warning' });
    expect(told?.problem?.args).toMatchObject({ count: 4, total: 3 * PER_CLASS + 3 });
    expect(told?.problem?.args['names']).toMatch(
      /^cat\/000\.png \(it is neither PNG nor JPEG\), cat\/huge\.png /,
    );
  });

  it('are a problem where there are no others', async () => {
    const folder = folders.next();
    for (const name of CLASSES) writeFileIn(folder, `${name}/1.png`, 'hello');
    const client = await openEngine({}, imageSettings(cache));
    expect(await client.call('train', { document: documentOf({}, folder) })).toMatchObject({
      error: { code: 'data/no-readable-images', args: { total: 3 } },
    });
  });
});

describe('the cache', () => {
  it('decodes once, and anew what has changed', async () => {
    const [folder, cacheFolder] = [folders.next(), folders.next()];
    writeClasses(folder, CLASSES, PER_CLASS);
    const document = documentOf({ epochs: 1 }, folder);
    const first = await train(document, {}, { cacheFolder });
    expect(first.readings).toBeGreaterThan(0);
    const second = await train(document, {}, { cacheFolder });
    expect(second.readings).toBe(0);
    expect(figuresOf(second)).toEqual(figuresOf(first));
    utimesSync(join(folder, 'cat/000.png'), new Date(), new Date(2000));
    expect((await train(document, {}, { cacheFolder })).readings).toBeGreaterThan(0);
  });

  it('is decoded anew where it was damaged', async () => {
    const cacheFolder = folders.next();
    const document = documentOf({ epochs: 1 });
    const first = await train(document, {}, { cacheFolder });
    const [entry = ''] = readdirSync(cacheFolder);
    writeFileSync(join(cacheFolder, entry, 'rows.bin'), 'short');
    const second = await train(document, {}, { cacheFolder });
    expect(second.readings).toBeGreaterThan(0);
    expect(figuresOf(second)).toEqual(figuresOf(first));
    expect(readdirSync(cacheFolder)).toEqual([entry]);
  });

  it('gives up what was used longest ago when it is full', async () => {
    const cacheFolder = folders.next();
    const bytes = 3 * PER_CLASS * 16 * 16 * 3;
    const limits = { cacheBytes: 1.5 * bytes };
    await train(documentOf({ epochs: 1 }), limits, { cacheFolder });
    const before = readdirSync(cacheFolder);
    const other = folders.next();
    writeClasses(other, CLASSES, PER_CLASS);
    await train(documentOf({ epochs: 1 }, other), limits, { cacheFolder });
    const after = readdirSync(cacheFolder);
    expect([before, after].map(({ length }) => length)).toEqual([1, 1]);
    expect(after).not.toEqual(before);
  });
});

describe('a run', () => {
  it('keeps what the folder was, and goes on as if it had never stopped', async () => {
    const whole = await train(documentOf({ epochs: 2 }), { sessionBytes: 0 });
    const runDirectory = folders.next();
    await train(documentOf({ epochs: 1 }), { sessionBytes: 0 }, { runDirectory });
    const record = runRecord.parse(JSON.parse(readFileSync(join(runDirectory, 'run.json'), 'utf8')));
    expect(record.data).toMatchObject({
      kind: 'folder',
      path: images,
      classNames: CLASSES,
      isStreamed: true,
    });
    const client = await openEngine({ runDirectory }, imageSettings(cache, { sessionBytes: 0 }));
    const listener = new Listener(client);
    must(await client.call('resume', { epochs: 2 }));
    await listener.ended;
    expect(listener.losses).toEqual(whole.listener.losses.slice(listener.losses.length));
    expect(listener.epochs[0]?.valLoss).toBe(whole.listener.epochs[1]?.valLoss);
  });

  it('is not resumed on other images', async () => {
    const [folder, runDirectory] = [folders.next(), folders.next()];
    writeClasses(folder, CLASSES, PER_CLASS);
    await train(documentOf({ epochs: 1 }, folder), {}, { runDirectory });
    rmSync(join(folder, 'cat/001.png'));
    const client = await openEngine({ runDirectory }, imageSettings(cache));
    expect(await client.call('resume', { epochs: 2 })).toMatchObject({
      error: { code: 'data/changed', args: { path: folder } },
    });
  });

  it('is restored without its folder, and evaluated on others with the same classes', async () => {
    const [folder, runDirectory] = [folders.next(), folders.next()];
    writeClasses(folder, CLASSES, PER_CLASS);
    await train(documentOf({ epochs: 1 }, folder), {}, { runDirectory });
    rmSync(folder, { recursive: true });
    const client = await openEngine({ runDirectory }, imageSettings(cache));
    expect(must(await client.call('restore', {})).classNames).toEqual(CLASSES);
    expect(await client.call('evaluate', {})).toMatchObject({ error: { code: 'data/folder-missing' } });
    expect(must(await client.call('evaluate', { dataset: images })).samples).toBe(3 * PER_CLASS);
    const others = folders.next();
    writeClasses(others, ['a', 'b', 'c'], 2);
    expect(await client.call('evaluate', { dataset: others })).toMatchObject({
      error: { code: 'data/other-classes', args: { found: 'a, b, c' } },
    });
  });

  it.each([
    ['classes', documentOf({}, images, 4), 'data/classes-mismatch'],
    ['images', documentOf({ testShare: 0.01 }), 'data/folder-no-test-images'],
    ['folder', documentOf({}, '/no/such/folder'), 'data/folder-missing'],
  ])('with the wrong %s is refused', async (_what, document, code) => {
    const client = await openEngine({}, imageSettings(cache));
    expect(await client.call('train', { document })).toMatchObject({ error: { code } });
  });
});

describe('an engine of the window', () => {
  it('reads only folders that the user chose', async () => {
    const list = join(folders.root, 'image-folders.json');
    const client = await openEngine({ chosenFolders: list }, imageSettings(cache));
    const refused = { error: { code: 'data/folder-not-chosen', args: { path: images } } };
    expect(await client.call('inspectFolder', { path: images })).toMatchObject(refused);
    expect(await client.call('train', { document: documentOf() })).toMatchObject(refused);
    writeFileSync(list, JSON.stringify([images]));
    expect(must(await client.call('inspectFolder', { path: images }))).toEqual({
      ...{ path: images, hasTestFolder: false, problems: [] },
      classes: CLASSES.map((name) => ({ name, images: PER_CLASS, testImages: 0 })),
    });
  });
});
