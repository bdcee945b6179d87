/** Image files of the command line: what cannot be read is named. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readImage } from '../../src-main/cli/image-file';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layerloom-images-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a missing file is named', async () => {
  expect(await readImage(join(folder, 'none'))).toMatchObject({
    ok: false,
    error: { code: 'file/cannot-read', args: { reason: 'ENOENT' } },
  });
});

test('a file that is no image is named, with the reason', async () => {
  const file = join(folder, 'text.png');
  await writeFile(file, 'hello');
  expect(await readImage(file)).toEqual({
    ok: false,
    error: expect.objectContaining({
      code: 'data/bad-image',
      args: { file, reason: 'it is neither PNG nor JPEG' },
    }) as unknown,
  });
});
