/** Engines as processes of their own, from the built entry: equal runs, sudden death, and orphans. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { decodeSafetensors } from '@shared/formats/safetensors';
import { portOfProcess } from '@shared/ipc/adapters';
import { type EngineConfiguration, type EngineContract, engineContract } from '@shared/ipc/engine.contract';
import { type Client, connect } from '@shared/ipc/rpc';
import { configuration, lenetDocument, Listener, must, TestFolders } from './support';

const entry = resolve(import.meta.dirname, '../../out/main/engine.js');

const folders = new TestFolders();
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => folders.remove());

interface EngineProcess {
  readonly child: ChildProcess;
  readonly client: Client<EngineContract>;
}

function start(changes: Partial<EngineConfiguration> = {}): EngineProcess {
  if (!existsSync(entry)) throw new Error('Run npm run build first.');
  const child = fork(entry, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  children.push(child);
  const client = connect(engineContract, portOfProcess(child, setImmediate));
  child.send({ ...configuration(null), ...changes });
  return { child, client };
}

async function lossesOfRun(training = {}): Promise<readonly number[]> {
  const { client } = start();
  const listener = new Listener(client);
  must(await client.call('train', { document: lenetDocument(training), limit: 2000 }));
  expect((await listener.ended).state).toBe('done');
  return [
    ...listener.losses,
    ...listener.epochs.flatMap(({ valLoss, valAccuracy }) => [valLoss, valAccuracy]),
  ];
}

describe('two processes', () => {
  it('with the same seed have the same losses to the last bit, with another seed others', async () => {
    const first = await lossesOfRun({ epochs: 2 });
    expect(first).toHaveLength(2 * 32 + 4);
    expect(await lossesOfRun({ epochs: 2 })).toEqual(first);
    expect(await lossesOfRun({ epochs: 2, seed: 4 })).not.toEqual(first);
  });
});

describe('an engine that is killed in the middle of an epoch', () => {
  it('is seen to end, and leaves whole checkpoints that can be restored', async () => {
    const directory = folders.next();
    const { child, client } = start({ runDirectory: directory });
    const listener = new Listener(client);
    must(await client.call('train', { document: lenetDocument({ epochs: 1000 }, 'lenet-bn'), limit: 2000 }));
    while (listener.checkpoints.length < 2) await setTimeout(5);
    const stepsBefore = listener.losses.length;
    while (listener.losses.length === stepsBefore) await setTimeout(1);
    const pending = client.call('describe', {});
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(child.signalCode).toBe('SIGKILL');
    const reply = await pending;
    expect(reply.ok || reply.error.code === 'ipc/closed').toBe(true);
    expect(await client.call('describe', {})).toMatchObject({ error: { code: 'ipc/closed' } });

    const names = readdirSync(join(directory, 'checkpoints')).filter((name) => name.endsWith('.safetensors'));
    expect(names.length).toBeGreaterThanOrEqual(2);
    for (const name of names) must(decodeSafetensors(readFileSync(join(directory, 'checkpoints', name))));
    const restored = start({ runDirectory: directory });
    const { epoch } = must(await restored.client.call('restore', {}));
    expect(epoch).toBe(names.length);
    const figures = must(await restored.client.call('evaluate', {}));
    const told = listener.epochs.find((record) => record.epoch === epoch);
    const { valLoss: loss, valAccuracy: accuracy, valTopK: topK } = told ?? {};
    expect(figures).toEqual({ loss, accuracy, topK, k: 5, samples: 10_000 });
    expect(figures.accuracy).toBeGreaterThan(0.3);
  });
});

describe('an engine process', () => {
  it('ends when the process that started it lets go, training or not', async () => {
    const { child, client } = start();
    const begun = Listener.firstStep(client);
    must(await client.call('train', { document: lenetDocument({ epochs: 1000 }) }));
    await begun;
    child.disconnect();
    const [exitCode] = (await once(child, 'exit')) as [number | null];
    expect(exitCode).toBe(0);
  });

  it('answers a stop in the middle of training within a step', async () => {
    const { client } = start();
    const listener = new Listener(client);
    const begun = Listener.firstStep(client);
    must(await client.call('train', { document: lenetDocument({ epochs: 1000 }) }));
    await begun;
    must(await client.call('stop', {}));
    expect((await listener.ended).state).toBe('stopped');
    expect(listener.states.map(({ state }) => state)).toContain('stopping');
  });

  it('tells of a device that is not there, and stays answerable', async () => {
    const { client } = start({ device: 'gpu:63' });
    const refusal = { error: { code: 'run/device-absent', args: { device: 'gpu:63' } } };
    expect(await client.call('describe', {})).toMatchObject(refusal);
    expect(await client.call('train', { document: lenetDocument() })).toMatchObject(refusal);
  });

  it.each([
    ['told something else than its configuration', ['ignore', 'ignore', 'pipe', 'ipc'] as const],
    ['started by hand', ['ignore', 'ignore', 'pipe'] as const],
  ])('that is %s ends with a sentence', async (_name, stdio) => {
    const child = spawn(process.execPath, [entry], { stdio: [...stdio], serialization: 'advanced' });
    children.push(child);
    let text = '';
    child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    child.send?.({ kind: 'nonsense' });
    const [exitCode] = (await once(child, 'close')) as [number | null];
    expect(exitCode).toBe(1);
    expect(text).toMatch(/Invalid input|is started by the app or by the command line/);
  });
});
