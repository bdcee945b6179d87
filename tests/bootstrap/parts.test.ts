// The decisions of the bootstrap's parts, without their downloads.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isInstalled, isOnDisk } from '../../scripts/bootstrap/packages.mjs';
import { missingLibraries } from '../../scripts/bootstrap/system.mjs';

test('npm packages count as installed when every locked one is there at its version', () => {
  const locked = {
    '': {},
    'node_modules/a': { version: '1.0.0' },
    'node_modules/only-on-mac': { version: '2.0.0', optional: true },
  };
  expect(isInstalled(locked, { 'node_modules/a': { version: '1.0.0' } })).toBe(true);
  expect(isInstalled(locked, { 'node_modules/a': { version: '1.0.1' } })).toBe(false);
  expect(isInstalled(locked, {})).toBe(false);
  const old = { 'node_modules/a': { version: '1.0.0' }, 'node_modules/only-on-mac': { version: '1.0.0' } };
  expect(isInstalled(locked, old)).toBe(false);
});

test('npm packages whose folders were cleared away count as missing', () => {
  const root = mkdtempSync(join(tmpdir(), 'layerloom-packages-'));
  const installed = { 'node_modules/a': { version: '1.0.0' } };
  expect(isOnDisk(installed, root)).toBe(false);
  mkdirSync(join(root, 'node_modules/a'), { recursive: true });
  writeFileSync(join(root, 'node_modules/a/package.json'), '{}');
  expect(isOnDisk(installed, root)).toBe(true);
  rmSync(root, { recursive: true });
});

test('missing libraries are read from the output of ldd', () => {
  const output = `\tlinux-vdso.so.1 (0x00007ffd)
\tlibgtk-3.so.0 => not found
\tlibnss3.so => /lib/x86_64-linux-gnu/libnss3.so (0x00007f)
\tlibasound.so.2 => not found\n`;
  expect(missingLibraries(output)).toEqual(['libgtk-3.so.0', 'libasound.so.2']);
});
