/** Weights as NPZ and graphs as PNG, through the whole job. */
import { readFileSync } from 'node:fs';
import { decode as decodePng } from 'fast-png';
import { afterAll, expect, test, vi } from 'vitest';
import * as registry from '@shared/export';
import { ExportFolder, exported, exportFor } from './export-support';
import { lenetDocument } from './support';

const folder = new ExportFolder();
afterAll(() => folder.remove());

test('NPZ is read back bit for bit, and one changed value is seen', async () => {
  const request = { target: 'npz', document: lenetDocument({}, 'lenet-bn'), check: true };
  const reply = await exported({ ...request, path: folder.path('a.npz') });
  expect(reply.check).toEqual({
    reader: 'zlib',
    compared: 'tensors',
    count: 26,
    largestDifference: 0,
    tolerance: 0,
  });
  const real = registry.anyTargetOf('npz');
  if (real === undefined || !('export' in real)) throw new Error('no npz');
  const spy = vi.spyOn(registry, 'anyTargetOf').mockReturnValue({
    ...real,
    export: (input, options) => {
      const changed = Array.from(input.weights, ([name, weight], index) => {
        const values = weight.values.map((value, i) => (index === 3 && i === 1 ? value + 0.5 : value));
        return [name, { ...weight, values }] as const;
      });
      return real.export({ ...input, weights: new Map(changed) }, options);
    },
  });
  const wrong = await exportFor({ ...request, path: folder.path('b.npz') });
  spy.mockRestore();
  expect(wrong).toMatchObject({ problems: [{ code: 'export/check-differs', args: { difference: 0.5 } }] });
});

test('PNG has the size that was asked for, and the colours of the theme', async () => {
  const document = lenetDocument();
  const read = async (name: string, options: Record<string, number | string | boolean>) => {
    const path = folder.path(name);
    const reply = await exported({ target: 'png', document, path, options });
    expect(reply.origin).toEqual({ kind: 'none' });
    return decodePng(readFileSync(path));
  };
  const once = await read('once.png', { scale: 1 });
  const large = await read('large.png', { scale: 4, theme: 'dark' });
  expect([large.width, large.height]).toEqual([once.width * 4, once.height * 4]);
  expect([...once.data.slice(0, 3)]).toEqual([0xf6, 0xf7, 0xf9]);
  expect([...large.data.slice(0, 3)]).toEqual([0x0f, 0x12, 0x16]);
  const clear = await read('clear.png', { scale: 1, hasBackground: false });
  expect(clear.data[3]).toBe(0);
  // Texts are drawn: there are pixels in the colour of text.
  const isText = (i: number) =>
    once.data[i] === 0x1a && once.data[i + 1] === 0x21 && once.data[i + 2] === 0x2b;
  expect(Array.from({ length: once.width * once.height }, (_, i) => i * 4).some(isText)).toBe(true);
});

test('a picture that no machine could hold is refused', async () => {
  const document = lenetDocument({}, 'googlenet');
  const reply = await exportFor({
    target: 'png',
    document,
    path: folder.path('x.png'),
    options: { scale: 16 },
  });
  expect(reply).toMatchObject({
    kind: 'refused',
    problems: [{ code: 'export/picture-too-large', param: 'scale' }],
  });
});

test('curves need a run', async () => {
  const reply = await exportFor({
    target: 'curves-svg',
    document: lenetDocument(),
    path: folder.path('c.svg'),
  });
  expect(reply).toMatchObject({ problems: [{ code: 'export/no-run' }] });
});
