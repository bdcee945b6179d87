// The unpacker of large zip files against archives that another library wrote.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { zipSync, type Zippable } from 'fflate';
import { afterAll, expect, test } from 'vitest';
import { unzip } from '../../scripts/bootstrap/zip.mjs';

const folder = mkdtempSync(join(tmpdir(), 'layerloom-zip-'));
afterAll(() => rmSync(folder, { recursive: true }));

let made = 0;

function writeZip(content: Zippable): string {
  const file = join(folder, `${made++}.zip`);
  writeFileSync(file, zipSync(content));
  return file;
}

test('every chosen entry comes out byte for byte, stored or deflated', async () => {
  const entry = fc.tuple(fc.uint8Array({ maxLength: 5000 }), fc.constantFrom(0, 6));
  const name = fc.stringMatching(/^[a-z]{1,8}$/).map((text) => `${text}.bin`);
  await fc.assert(
    fc.asyncProperty(fc.dictionary(name, entry, { minKeys: 1, maxKeys: 6 }), async (entries) => {
      const names = Object.keys(entries);
      const zip: Zippable = {};
      for (const [key, [bytes, level]] of Object.entries(entries)) {
        zip[`top/${key}`] = [bytes, { level: level === 0 ? 0 : 6 }];
      }
      const target = join(folder, `out-${made}`);
      const written = await unzip(writeZip(zip), target, (path) => path.replace('top/', ''));
      expect(written).toBe(names.length);
      for (const key of names) {
        expect(new Uint8Array(readFileSync(join(target, key)))).toEqual(
          new Uint8Array(entries[key]?.[0] ?? []),
        );
      }
    }),
    { numRuns: 30 },
  );
});

test('entries without a place stay out, and modes are kept', async () => {
  const executable = { os: 3, attrs: (0o100755 << 16) >>> 0 };
  const zip = writeZip({ run: [new Uint8Array([1]), executable], other: new Uint8Array([2]) });
  const target = join(folder, 'modes');
  expect(await unzip(zip, target, (name) => (name === 'run' ? 'bin/run' : undefined))).toBe(1);
  expect(statSync(join(target, 'bin', 'run')).mode & 0o777).toBe(0o755);
});

test('an entry that would leave the folder is refused', async () => {
  const zip = writeZip({ 'a/../../evil': new Uint8Array([1]) });
  await expect(unzip(zip, join(folder, 'safe'), (name) => name)).rejects.toThrow('leaves the folder');
});

test('what is no zip file, or half of one, is refused', async () => {
  const whole = readFileSync(writeZip({ a: new Uint8Array(1000) }));
  const half = join(folder, 'half.zip');
  writeFileSync(half, whole.subarray(0, whole.length / 2));
  await expect(unzip(half, join(folder, 'half'), (name) => name)).rejects.toThrow('not a zip file');
});
