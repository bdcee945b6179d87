/** One suite over every kind of link: message ports as a page has them, as Electron has them, and child processes. */
import { fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel as ThreadChannel } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { portOfMain, portOfPage, portOfProcess, portOfThread } from '@shared/ipc/adapters';
import type { Contract } from '@shared/ipc/contract';
import type { Port } from '@shared/ipc/port';
import { connect, serve } from '@shared/ipc/rpc';
import { success } from '@shared/util/result';

const contract = {
  name: 'adapters',
  calls: {
    double: { request: z.object({ values: z.instanceof(Float32Array) }), reply: z.instanceof(Float32Array) },
    never: { request: z.object({}), reply: z.object({}) },
  },
  events: { told: z.object({}) },
} as const satisfies Contract;

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

function served(port: Port): void {
  const server = serve(contract, port, {
    double: ({ values }) => success(values.map((value) => 2 * value)),
    never: () => new Promise(() => undefined),
  });
  cleanups.push(() => server.dispose());
}

/** Electron's MessagePortMain in miniature: an emitter of `{data}` events that waits for start(). */
class FakeMainPort extends EventEmitter {
  other: FakeMainPort | undefined;
  #waiting: unknown[] | undefined = [];

  postMessage(message: unknown): void {
    const copy: unknown = structuredClone(message);
    queueMicrotask(() => this.other?.receive(copy));
  }

  receive(message: unknown): void {
    if (this.#waiting === undefined) this.emit('message', { data: message });
    else this.#waiting.push(message);
  }

  start(): void {
    for (const message of this.#waiting ?? []) this.emit('message', { data: message });
    this.#waiting = undefined;
  }

  close(): void {
    this.emit('close');
    this.other?.emit('close');
  }
}

function mainPair(): [Port, Port] {
  const [near, far] = [new FakeMainPort(), new FakeMainPort()];
  near.other = far;
  far.other = near;
  return [portOfMain(near), portOfMain(far)];
}

function pagePair(): [Port, Port] {
  const { port1, port2 } = new MessageChannel();
  return [portOfPage(port1), portOfPage(port2)];
}

function threadPair(): [Port, Port] {
  const { port1, port2 } = new ThreadChannel();
  return [portOfThread(port1), portOfThread(port2)];
}

/** A child that answers in the wire format, written by hand so that the built code is not needed. */
const childSource = `
process.on('message', ({ id, name, payload }) => {
  if (name === 'never') process.exit(3);
  process.send({ kind: 'reply', id, result: { ok: true, value: payload.values.map((value) => 2 * value) } });
});`;

function childPort(): Port {
  const folder = mkdtempSync(join(tmpdir(), 'layerloom-ipc-'));
  const file = join(folder, 'child.cjs');
  writeFileSync(file, childSource);
  const child = fork(file, [], { serialization: 'advanced' });
  cleanups.push(() => {
    child.kill();
    rmSync(folder, { recursive: true });
  });
  return portOfProcess(child, setImmediate);
}

const links: Record<string, () => Port> = {
  'a message port of a page': () => {
    const [near, far] = pagePair();
    served(far);
    cleanups.push(() => near.close());
    return near;
  },
  'a message port of Electron': () => {
    const [near, far] = mainPair();
    served(far);
    return near;
  },
  'a message port of a thread': () => {
    const [near, far] = threadPair();
    served(far);
    cleanups.push(() => near.close());
    return near;
  },
  'a child process': childPort,
};

describe.each(Object.entries(links))('%s', (_name, open) => {
  it('carries typed arrays there and back', async () => {
    const client = connect(contract, open());
    cleanups.push(() => client.dispose());
    const result = await client.call('double', { values: Float32Array.of(1.5, -2) });
    expect(result).toEqual(success(Float32Array.of(3, -4)));
  });
});

describe('a child process that answers and goes on telling in one piece', () => {
  it('is heard message by message: whoever waits for the answer goes on first', async () => {
    const channel = Object.assign(new EventEmitter(), { connected: true, send: () => true });
    const client = connect(contract, portOfProcess(channel, setImmediate));
    const heard: string[] = [];
    client.on('told', () => heard.push('event'));
    const closed = new Promise<void>((resolve) => portOfProcess(channel, setImmediate).onClose(resolve));
    const asked = client.call('double', { values: Float32Array.of(1) });
    const waiting = (async () => {
      for (const step of [1, 2, 3]) await Promise.resolve(step);
      await asked;
      for (const step of [1, 2, 3]) await Promise.resolve(step);
      heard.push('answer');
    })();
    channel.emit('message', { kind: 'reply', id: 0, result: success(Float32Array.of(2)) });
    channel.emit('message', { kind: 'event', name: 'told', payload: {} });
    channel.emit('message', { kind: 'event', name: 'told', payload: {} });
    channel.emit('disconnect');
    await waiting;
    await closed;
    await expect.poll(() => heard).toEqual(['answer', 'event', 'event']);
  });
});

describe('closing', () => {
  it.each([
    ['a message port of a page', pagePair],
    ['a message port of Electron', mainPair],
    ['a message port of a thread', threadPair],
  ])('%s ends pending calls', async (_name, pair) => {
    const [near, far] = pair();
    served(far);
    const pending = connect(contract, near).call('never', {});
    far.close();
    expect(await pending).toMatchObject({ error: { code: 'ipc/closed' } });
  });

  it('a child that exits in the middle of a call ends it, and later calls', async () => {
    const client = connect(contract, childPort());
    expect(await client.call('never', {})).toMatchObject({ error: { code: 'ipc/closed' } });
    expect(await client.call('never', {})).toMatchObject({ error: { code: 'ipc/closed' } });
  });

  it('a child that was gone before anybody listened ends calls too', async () => {
    const child = fork('-e', ['0'], { execArgv: ['-e', '0'], serialization: 'advanced' });
    await once(child, 'exit');
    if (child.connected) await once(child, 'disconnect');
    const result = await connect(contract, portOfProcess(child, setImmediate)).call('never', {});
    expect(result).toMatchObject({ error: { code: 'ipc/closed' } });
  });
});
