/** Saving: whole or not at all, on real disks and on disks that are full. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as nodeFiles from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FileSystem, writeAtomically } from '../../src-main/app/files/atomic-write';
import { formatProblem } from '@shared/problems/format';

let folder: string;
beforeEach(async () => {
  folder = await nodeFiles.mkdtemp(join(tmpdir(), 'layerloom-write-'));
});
afterEach(() => nodeFiles.rm(folder, { recursive: true, force: true }));

const read = (path: string) => nodeFiles.readFile(path, 'utf8');
const systemError = (code: string) => Object.assign(new Error(code), { code });

describe('a save that succeeds', () => {
  test('creates the file and leaves nothing else', async () => {
    const path = join(folder, 'net.loom');
    expect(await writeAtomically(path, 'whole')).toEqual({ ok: true, value: undefined });
    expect(await read(path)).toBe('whole');
    expect(await nodeFiles.readdir(folder)).toEqual(['net.loom']);
  });

  test('keeps the permissions of the file that it replaces', async () => {
    const path = join(folder, 'net.loom');
    await nodeFiles.writeFile(path, 'old', { mode: 0o640 });
    await writeAtomically(path, 'new');
    expect(await read(path)).toBe('new');
    expect((await nodeFiles.stat(path)).mode & 0o777).toBe(0o640);
  });

  test('writes the file that a symbolic link names', async () => {
    const [path, link] = [join(folder, 'net.loom'), join(folder, 'link.loom')];
    await nodeFiles.writeFile(path, 'old');
    await nodeFiles.symlink(path, link);
    await writeAtomically(link, 'new');
    expect(await read(path)).toBe('new');
    expect((await nodeFiles.lstat(link)).isSymbolicLink()).toBe(true);
  });
});

describe('a save that fails', () => {
  /** Fails in one step of the write with the given code, and works otherwise. */
  function failing(step: 'writeFile' | 'sync' | 'rename', code: string): FileSystem {
    return {
      ...nodeFiles,
      rename: step === 'rename' ? () => Promise.reject(systemError(code)) : nodeFiles.rename,
      open: async (...args) => {
        const handle = await nodeFiles.open(...args);
        if (step === 'rename') return handle;
        handle[step] = () => Promise.reject(systemError(code));
        return handle;
      },
    };
  }

  test.each([
    ['writeFile', 'ENOSPC'],
    ['sync', 'ENOSPC'],
    ['rename', 'EIO'],
  ] as const)('in %s leaves the old file whole and no temporary one', async (step, code) => {
    const path = join(folder, 'net.loom');
    await nodeFiles.writeFile(path, 'old');
    const result = await writeAtomically(path, 'new', failing(step, code));
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'file/cannot-write', args: { path, reason: code } },
    });
    expect(await read(path)).toBe('old');
    expect(await nodeFiles.readdir(folder)).toEqual(['net.loom']);
  });

  test('says in words that the disk is full', async () => {
    const result = await writeAtomically(join(folder, 'net.loom'), 'new', failing('writeFile', 'ENOSPC'));
    if (result.ok) throw new Error('the write should have failed');
    expect(formatProblem(result.error, 'en').message).toContain('the disk is full');
    expect(formatProblem(result.error, 'zh-CN').message).toContain('磁盘已满');
  });

  test('names a folder that does not exist, and a folder in place of a file', async () => {
    expect(await writeAtomically(join(folder, 'none', 'net.loom'), 'x')).toMatchObject({
      ok: false,
      error: { args: { reason: 'ENOENT' } },
    });
    expect(await writeAtomically(folder, 'x')).toMatchObject({
      ok: false,
      error: { code: 'file/cannot-write' },
    });
    expect(existsSync(folder)).toBe(true);
  });
});

// Only root may mount; for others the injected failures above are what there is.
const canMount = process.platform === 'linux' && process.getuid?.() === 0;

if (canMount) {
  test('a disk that is really full keeps the old file', async () => {
    const disk = join(folder, 'disk');
    await nodeFiles.mkdir(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
    try {
      const path = join(disk, 'net.loom');
      await nodeFiles.writeFile(path, 'o'.repeat(20_000));
      const result = await writeAtomically(path, 'n'.repeat(200_000));
      expect(result).toMatchObject({ ok: false, error: { args: { reason: 'ENOSPC' } } });
      expect(await read(path)).toBe('o'.repeat(20_000));
      expect(await nodeFiles.readdir(disk)).toEqual(['net.loom']);
    } finally {
      execFileSync('umount', [disk]);
    }
  });
}
