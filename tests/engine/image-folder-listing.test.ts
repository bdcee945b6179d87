/** What is found in an image folder: classes, splits, order, and what is left out. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { heldOut } from '@shared/datasets/image-folder';
import { listImageFolder } from '../../src-main/engine/data/folder/listing';
import { splitRows } from '../../src-main/engine/data/folder/split-rows';
import { writeFileIn } from './image-folders';
import { must } from './support';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A folder of files that only bear the names of images. */
function folderOf(...paths: readonly string[]): string {
  const root = mkdtempSync(join(tmpdir(), 'layerloom-listing-'));
  folders.push(root);
  for (const path of paths) writeFileIn(root, path, 'x');
  return root;
}

const namesOf = async (root: string) => must(await listImageFolder(root)).files.map(({ path }) => path);

describe('classes', () => {
  it('are the folders with images, by name; other files are none', async () => {
    const root = folderOf(
      'b/2.png',
      'b/1.JPG',
      'b/note.txt',
      'ä/x.jpeg',
      'a/.hidden.png',
      'a/y.png',
      'loose.png',
    );
    const listing = must(await listImageFolder(root));
    expect(listing.classes).toEqual([
      { name: 'a', images: 1, testImages: 0 },
      { name: 'b', images: 2, testImages: 0 },
      { name: 'ä', images: 1, testImages: 0 },
    ]);
    expect(listing.files.map(({ path, label }) => [path, label])).toEqual([
      ['a/y.png', 0],
      ['b/1.JPG', 1],
      ['b/2.png', 1],
      ['ä/x.jpeg', 2],
    ]);
    expect(listing.problems).toEqual([]);
  });

  it('have names in any script, each written one way', async () => {
    const root = folderOf('小猫/一 1.png', 'cafe\u0301/1.png');
    expect(must(await listImageFolder(root)).classes.map(({ name }) => name)).toEqual(['caf\u00e9', '小猫']);
  });

  it('include the folders inside them, but no link that leads back', async () => {
    const root = folderOf('a/1.png', 'a/more/2.png', 'b/1.png');
    symlinkSync(join(root, 'a'), join(root, 'a/more/back'));
    symlinkSync(root, join(root, 'b/up'));
    symlinkSync(join(root, 'nowhere'), join(root, 'broken'));
    const names = await namesOf(root);
    expect(names.filter((name) => name.startsWith('a/'))).toEqual(['a/1.png', 'a/more/2.png']);
    expect(names.length).toBeLessThan(20);
  });

  it('without an image are left out and named', async () => {
    const root = folderOf('a/1.png', 'b/1.png', 'c/text.txt');
    mkdirSync(join(root, 'd'));
    const { classes, problems } = must(await listImageFolder(root));
    expect(classes.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(problems).toMatchObject([
      { code: 'data/folder-empty-classes', severity: 'warning', args: { count: 2, names: 'c, d' } },
    ]);
  });

  it.each([
    ['none', [], 'data/folder-no-classes'],
    ['loose images only', ['1.png', '2.png'], 'data/folder-no-classes'],
    ['one', ['a/1.png', 'a/2.png'], 'data/folder-one-class'],
  ])('%s: refused', async (_what, paths, code) => {
    expect(await listImageFolder(folderOf(...paths))).toMatchObject({ ok: false, error: { code } });
  });

  it('a folder that is not there is a problem', async () => {
    const error = { code: 'data/folder-missing', args: { reason: 'ENOENT' } };
    expect(await listImageFolder('/no/such/folder')).toMatchObject({ ok: false, error });
  });
});

describe('splits', () => {
  it.each(['test', 'val', 'validation', 'valid'])('train and %s are folders of classes', async (name) => {
    const root = folderOf('train/a/1.png', 'train/a/2.png', 'train/b/1.png', `${name}/b/9.png`);
    const { classes, files, hasTestFolder } = must(await listImageFolder(root));
    expect(hasTestFolder).toBe(true);
    expect(classes).toEqual([
      { name: 'a', images: 2, testImages: 0 },
      { name: 'b', images: 1, testImages: 1 },
    ]);
    expect(files.filter(({ isTest }) => isTest)).toMatchObject([{ path: `${name}/b/9.png`, label: 1 }]);
  });

  it('a class may be called train', async () => {
    const { classes } = must(await listImageFolder(folderOf('train/1.png', 'bus/1.png')));
    expect(classes.map(({ name }) => name)).toEqual(['bus', 'train']);
  });

  it('test images of a class that is not trained are refused', async () => {
    const root = folderOf('train/a/1.png', 'train/b/1.png', 'test/c/1.png');
    expect(await listImageFolder(root)).toMatchObject({
      ok: false,
      error: { code: 'data/folder-foreign-classes', args: { names: 'c' } },
    });
  });

  it('a share of every class is held out by the seed, without unreadable images', async () => {
    const paths = ['a', 'b'].flatMap((name) => Array.from({ length: 10 }, (_, i) => `${name}/${i}.png`));
    const listing = must(await listImageFolder(folderOf(...paths)));
    const bad = [{ row: 0, reason: '' }];
    const split = (seed: number) => splitRows(listing, bad, { testShare: 0.3, seed });
    const { train, test } = split(1);
    expect([...train, ...test].sort((x, y) => x - y)).toEqual(Array.from({ length: 19 }, (_, i) => i + 1));
    expect([...test].filter((row) => row < 10)).toHaveLength(heldOut(9, 0.3));
    expect([...test].filter((row) => row >= 10)).toHaveLength(3);
    expect(split(1)).toEqual({ train, test });
    expect(split(2).test).not.toEqual(test);
    expect(splitRows(listing, bad, 'test')).toMatchObject({ train: new Int32Array() });
  });

  it('one image of a class is left to train on', () => {
    expect([heldOut(1, 0.9), heldOut(2, 0.9), heldOut(10, 0.01), heldOut(0, 0.5)]).toEqual([0, 1, 0, 0]);
  });
});
