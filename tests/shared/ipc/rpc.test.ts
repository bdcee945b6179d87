/** Calls, events and everything that can go wrong on a link, over ports in memory. */
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { Contract, Handlers } from '@shared/ipc/contract';
import { connect, serve } from '@shared/ipc/rpc';
import { problem, type Problem } from '@shared/problems/problem';
import { failure, success } from '@shared/util/result';
import { portPair } from './port-pair';

const contract = {
  name: 'test',
  calls: {
    double: { request: z.object({ value: z.number() }), reply: z.object({ value: z.number() }) },
    scale: { request: z.object({ values: z.instanceof(Float32Array) }), reply: z.instanceof(Float32Array) },
    wait: { request: z.object({}), reply: z.object({}) },
  },
  events: { progress: z.object({ step: z.number().int(), losses: z.instanceof(Float32Array) }) },
} as const satisfies Contract;

const handlers: Handlers<typeof contract> = {
  double: ({ value }) => success({ value: 2 * value }),
  scale: ({ values }) => success(values.map((value) => value * 10)),
  wait: () => new Promise(() => undefined),
};

function link(overrides: Partial<Handlers<typeof contract>> = {}, onProblem?: (problem: Problem) => void) {
  const [near, far] = portPair();
  const server = serve(contract, far, { ...handlers, ...overrides });
  return { near, far, server, client: connect(contract, near, onProblem) };
}

const codeOf = (result: { ok: boolean; error?: Problem }) => result.error?.code;

describe('calls', () => {
  it('bring the reply of the named handler', async () => {
    const { client } = link();
    expect(await client.call('double', { value: 21 })).toEqual(success({ value: 42 }));
  });

  it('carry typed arrays both ways', async () => {
    const { client } = link();
    const result = await client.call('scale', { values: Float32Array.of(1, 2) });
    expect(result).toEqual(success(Float32Array.of(10, 20)));
  });

  it('are told apart by their id when replies come out of order', async () => {
    const delays = [20, 0, 10];
    const { client } = link({
      double: ({ value }) =>
        new Promise((resolve) => setTimeout(() => resolve(success({ value })), delays[value])),
    });
    const results = await Promise.all([0, 1, 2].map((value) => client.call('double', { value })));
    expect(results).toEqual([0, 1, 2].map((value) => success({ value })));
  });

  it('bring a Problem as the handler gave it', async () => {
    const refusal = problem('run/busy', {}, { node: 'conv2d_1' });
    const { client } = link({ double: () => failure(refusal) });
    expect(await client.call('double', { value: 1 })).toEqual(failure(refusal));
  });

  it('bring a Problem when the handler throws or its reply cannot be cloned', async () => {
    const thrown = link({ double: () => Promise.reject(new Error('broken')) });
    expect(await thrown.client.call('double', { value: 1 })).toMatchObject({
      error: { code: 'ipc/call-failed', args: { name: 'double', reason: 'broken' } },
    });
    const unclonable = link({ double: () => success({ value: 1, extra: () => 1 }) });
    expect(codeOf(await unclonable.client.call('double', { value: 1 }))).toBe('ipc/call-failed');
  });

  it('with a request that does not fit are refused before the handler, naming the place', async () => {
    const double = vi.fn(handlers.double);
    const { near, client } = link({ double });
    const replies: unknown[] = [];
    near.onMessage((message) => replies.push(message));
    near.post({ kind: 'request', id: 900, name: 'double', payload: { value: 'two' } });
    await vi.waitFor(() => expect(replies).toHaveLength(1));
    expect(replies[0]).toMatchObject({
      id: 900,
      result: { ok: false, error: { code: 'ipc/bad-request', args: { name: 'double' } } },
    });
    expect(JSON.stringify(replies[0])).toContain('value: ');
    expect(double).not.toHaveBeenCalled();
    expect(await client.call('double', { value: 2 })).toEqual(success({ value: 4 }));
  });

  it.each(['constructor', 'nothing', '__proto__', 'toString'])('to %s are unknown', async (name) => {
    const { near } = link();
    const replies: unknown[] = [];
    near.onMessage((message) => replies.push(message));
    near.post({ kind: 'request', id: 1, name, payload: {} });
    await vi.waitFor(() => expect(replies).toHaveLength(1));
    expect(replies[0]).toMatchObject({
      result: { ok: false, error: { code: 'ipc/unknown-call', args: { name } } },
    });
  });

  it.each([
    null,
    7,
    'request',
    [],
    { kind: 'request' },
    { kind: 'request', id: -1, name: 'double', payload: {} },
  ])('that are no request (%j) are not answered and harm nothing', async (message) => {
    const { near, far, client } = link();
    near.post(message);
    expect(await client.call('double', { value: 3 })).toEqual(success({ value: 6 }));
    expect(far.posted).toHaveLength(1);
  });

  it('bring a Problem when the reply does not fit, and stray replies are ignored', async () => {
    const [near, far] = portPair();
    const client = connect(contract, near);
    far.onMessage(() => {
      far.post({ kind: 'reply', id: 55, result: { ok: true, value: { value: 1 } } });
      far.post({ kind: 'reply', id: 0, result: { ok: true, value: { value: 'wrong' } } });
      far.post({ kind: 'reply', id: 0, result: { ok: true, value: { value: 1 } } });
    });
    expect(codeOf(await client.call('double', { value: 1 }))).toBe('ipc/bad-answer');
  });

  it('that are pending when the port closes, and all later ones, end in ipc/closed', async () => {
    const { client, far } = link();
    const pending = client.call('wait', {});
    far.close();
    expect(codeOf(await pending)).toBe('ipc/closed');
    expect(codeOf(await client.call('double', { value: 1 }))).toBe('ipc/closed');
  });

  it('that cannot be sent end in a Problem', async () => {
    const [near] = portPair();
    const client = connect(contract, {
      ...near,
      post: () => {
        throw new Error('channel closed');
      },
    });
    expect(await client.call('double', { value: 1 })).toMatchObject({
      error: { args: { reason: 'channel closed' } },
    });
  });
});

describe('events', () => {
  it('reach every listener of their name until it is disposed', async () => {
    const { server, client } = link();
    const first: number[] = [];
    const second: number[] = [];
    const stop = client.on('progress', ({ step }) => first.push(step));
    client.on('progress', ({ step, losses }) => second.push(step, ...losses));
    server.emit('progress', { step: 1, losses: Float32Array.of(0.5) });
    await vi.waitFor(() => expect(second).toEqual([1, 0.5]));
    stop();
    server.emit('progress', { step: 2, losses: Float32Array.of(0.25) });
    await vi.waitFor(() => expect(second).toEqual([1, 0.5, 2, 0.25]));
    expect(first).toEqual([1]);
  });

  it('that do not fit the contract are not delivered, and are told of', async () => {
    const problems: Problem[] = [];
    const { far, client } = link({}, (raised) => problems.push(raised));
    const heard = vi.fn();
    client.on('progress', heard);
    far.post({ kind: 'event', name: 'progress', payload: { step: 1.5, losses: [] } });
    far.post({ kind: 'event', name: 'constructor', payload: {} });
    await vi.waitFor(() => expect(problems).toHaveLength(2));
    expect(problems.map(({ code }) => code)).toEqual(['ipc/bad-answer', 'ipc/bad-answer']);
    expect(problems.map(({ args }) => args['name'])).toEqual(['progress', 'constructor']);
    expect(heard).not.toHaveBeenCalled();
  });

  it('after dispose are neither sent nor heard', async () => {
    const { near, far, server, client } = link();
    const heard = vi.fn();
    client.on('progress', heard);
    client.dispose();
    server.emit('progress', { step: 1, losses: new Float32Array() });
    server.dispose();
    server.emit('progress', { step: 2, losses: new Float32Array() });
    await Promise.resolve();
    expect(far.posted).toHaveLength(1);
    expect(heard).not.toHaveBeenCalled();
    expect(near.listeners + far.listeners).toBe(0);
  });
});

describe('subscriptions', () => {
  it('are all gone after dispose, and after the port closed by itself', async () => {
    const disposed = link();
    disposed.client.dispose();
    disposed.server.dispose();
    expect(disposed.near.listeners + disposed.far.listeners).toBe(0);
    const closed = link();
    closed.near.close();
    await Promise.resolve();
    expect(closed.near.listeners + closed.far.listeners).toBe(0);
  });
});
