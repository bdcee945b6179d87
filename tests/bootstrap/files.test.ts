// Downloads, hashes and folder replacement leave nothing half-written.
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isGenuine } from '../../scripts/bootstrap/datasets.mjs';
import { download, hashContent, linkTree, reachable, replaceFolder } from '../../scripts/bootstrap/files.mjs';

let folder: string;
let server: Server | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'layerloom-files-'));
});

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  rmSync(folder, { recursive: true });
});

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function serve(listener: RequestListener): Promise<string> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((done) => started.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}/`;
}

test('a download arrives whole', async () => {
  const bytes = randomBytes(300_000);
  const url = await serve((_request, response) => response.end(bytes));
  await download(url, join(folder, 'file'));
  expect(sha256(readFileSync(join(folder, 'file')))).toBe(sha256(bytes));
  expect(readdirSync(folder)).toEqual(['file']);
});

test('a download that breaks off, stalls or is refused leaves nothing', async () => {
  const broken = await serve((_request, response) => {
    response.writeHead(200, { 'content-length': 1000 });
    response.write('half', () => response.destroy());
  });
  await expect(download(broken, join(folder, 'file'))).rejects.toThrow();
  server?.close();
  const stalled = await serve((_request, response) => response.write('half'));
  await expect(download(stalled, join(folder, 'file'), 200)).rejects.toThrow();
  server?.closeAllConnections();
  server?.close();
  const missing = await serve((_request, response) => response.writeHead(404).end());
  await expect(download(missing, join(folder, 'file'))).rejects.toThrow('404');
  expect(readdirSync(folder)).toEqual([]);
});

test('a host that refuses is known as such at once', async () => {
  const url = await serve((_request, response) => response.end());
  expect(await reachable(url)).toBe(true);
  server?.closeAllConnections();
  await new Promise((done) => server?.close(done));
  const started = performance.now();
  expect(await reachable(url)).toBe(false);
  expect(performance.now() - started).toBeLessThan(2000);
});

test('a file is genuine by its content, packed or not, and never when damaged or too long', async () => {
  const bytes = randomBytes(10_000);
  const facts = { file: 'data', bytes: bytes.length, sha256: sha256(bytes) };
  const write = (name: string, content: Uint8Array): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  expect(await isGenuine(write('data', bytes), facts)).toBe(true);
  expect(await isGenuine(write('data.gz', gzipSync(bytes)), facts)).toBe(true);
  const damaged = Uint8Array.from(bytes);
  damaged[5000] = (damaged[5000] ?? 0) ^ 1;
  expect(await isGenuine(write('damaged', damaged), facts)).toBe(false);
  expect(await isGenuine(write('cut.gz', gzipSync(bytes).subarray(0, 5000)), facts)).toBe(false);
  const long = write('long.gz', gzipSync(Buffer.alloc(50_000_000)));
  expect(await isGenuine(long, facts)).toBe(false);
  await expect(hashContent(long, 10_000)).rejects.toThrow('longer than 10000');
});

test('a folder is replaced only when it was filled to the end', async () => {
  const target = join(folder, 'target');
  await replaceFolder(target, async (partial) => {
    writeFileSync(join(partial, 'first'), '1');
    return Promise.resolve();
  });
  const failing = replaceFolder(target, (partial) => {
    writeFileSync(join(partial, 'second'), '2');
    return Promise.reject(new Error('disk full'));
  });
  await expect(failing).rejects.toThrow('disk full');
  expect(readdirSync(folder)).toEqual(['target']);
  expect(readdirSync(target)).toEqual(['first']);
});

test('a linked tree holds real files, not symbolic links', async () => {
  await replaceFolder(join(folder, 'from', 'inner'), (partial) => {
    writeFileSync(join(partial, 'file'), 'content');
    return Promise.resolve();
  });
  await linkTree(join(folder, 'from'), join(folder, 'to'));
  const linked = join(folder, 'to', 'inner', 'file');
  expect(statSync(linked).isFile()).toBe(true);
  rmSync(join(folder, 'from'), { recursive: true });
  expect(readFileSync(linked, 'utf8')).toBe('content');
});
