/** Runs that stop and go on, on the real TensorFlow: equal to runs that never stopped, whatever they stopped in. */
import { appendFileSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EpochRecord } from '@shared/ipc/engine.contract';
import type { MetricRecord } from '@shared/run/metrics';
import { runRecord } from '@shared/run/record';
import { lenetDocument, Listener, must, openEngine, TestFolders } from './support';

const folders = new TestFolders();
afterAll(() => folders.remove());

const EPOCHS = 3;
const limit = 640;
/** Everything that could be forgotten: moving statistics, slots, random images, a rate that changes. */
const document = lenetDocument(
  {
    ...{ epochs: EPOCHS, batchSize: 64, optimizer: 'adam', schedule: 'cosine', warmupEpochs: 0.5, k: 3 },
    ...{ randomCrop: 2, randomRotation: 10, randomBrightness: 0.1 },
  },
  'lenet-bn',
);
const STEPS = limit / 64;

/** Without what depends on the clock. */
const timeless = ({ seconds: _seconds, samplesPerSecond: _speed, ...record }: EpochRecord) => record;
const checkpoint = (directory: string, name: string) => readFileSync(join(directory, 'checkpoints', name));

function metrics(directory: string): MetricRecord[] {
  const lines = readFileSync(join(directory, 'metrics.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as MetricRecord);
}

const stepsOf = (directory: string) => metrics(directory).filter(({ event }) => event === 'step');

async function resume(directory: string, epochs?: number) {
  const client = await openEngine({ runDirectory: directory });
  const listener = new Listener(client);
  const reply = await client.call('resume', epochs === undefined ? {} : { epochs });
  if (!reply.ok) return { problem: reply.error, listener, plan: undefined };
  const ended = await listener.ended;
  expect(ended.state).toBe('done');
  return { plan: reply.value, listener, problem: undefined };
}

const whole = folders.next();
let listener: Listener;
beforeAll(async () => {
  const client = await openEngine({ runDirectory: whole });
  listener = new Listener(client);
  must(await client.call('train', { document, limit }));
  await listener.ended;
});

/** A run of the same document that is stopped at the first message of steps. */
async function stoppedRun(): Promise<string> {
  const directory = folders.next();
  const client = await openEngine({ runDirectory: directory });
  const heard = new Listener(client);
  const first = Listener.firstStep(client);
  must(await client.call('train', { document, limit }));
  await first;
  must(await client.call('stop', {}));
  expect((await heard.ended).state).toBe('stopped');
  return directory;
}

/** A copy of the whole run as it was when its process died in the epoch after `epoch`. */
function diedAfter(epoch: number): string {
  const directory = folders.next();
  cpSync(whole, directory, { recursive: true });
  for (let later = epoch + 1; later <= EPOCHS; later++) {
    rmSync(join(directory, 'checkpoints', `epoch-${later}.safetensors`));
  }
  const lines = readFileSync(join(whole, 'metrics.jsonl'), 'utf8').split('\n');
  const last = lines.findIndex((line) => line.includes(`"step":${(epoch + 0.5) * STEPS},`));
  writeFileSync(join(directory, 'metrics.jsonl'), `${lines.slice(0, last).join('\n')}\n`);
  appendFileSync(join(directory, 'metrics.jsonl'), '{"event":"step","st');
  return directory;
}

function expectAsIfNeverStopped(directory: string): void {
  expect(stepsOf(directory)).toEqual(stepsOf(whole));
  const epochs = (of: string) =>
    metrics(of).flatMap((each) => (each.event === 'epoch' ? [timeless(each)] : []));
  expect(epochs(directory)).toEqual(epochs(whole));
  const name = `epoch-${EPOCHS}.safetensors`;
  expect(checkpoint(directory, name).equals(checkpoint(whole, name))).toBe(true);
  expect(metrics(directory).at(-1)).toEqual({ event: 'done' });
  const record = runRecord.parse(JSON.parse(readFileSync(join(directory, 'run.json'), 'utf8')));
  expect(record).toMatchObject({ state: 'done', epochs: EPOCHS, steps: EPOCHS * STEPS, limit });
  expect(record.problem).toBeUndefined();
}

describe('a run goes on', () => {
  it('after a stop within an epoch', async () => {
    const directory = await stoppedRun();
    const done = stepsOf(directory).length;
    expect(done).toBeLessThan(EPOCHS * STEPS);
    const { plan, listener: resumed } = await resume(directory);
    expect(plan).toMatchObject({ from: { step: done }, totalSteps: EPOCHS * STEPS, trainSamples: limit });
    expect(resumed.losses).toEqual(listener.losses.slice(done));
    expectAsIfNeverStopped(directory);
    expect(metrics(directory).filter(({ event }) => event === 'resume')).toEqual([
      expect.objectContaining({ step: done, epochs: EPOCHS, totalSteps: EPOCHS * STEPS }),
    ]);
  });

  it('after its process died within an epoch: from the last checkpoint, without lines twice', async () => {
    const directory = diedAfter(1);
    const { plan, listener: resumed } = await resume(directory);
    expect(plan?.from).toEqual({ step: STEPS, epoch: 1 });
    expect(resumed.losses).toEqual(listener.losses.slice(STEPS));
    expectAsIfNeverStopped(directory);
  });

  it('after it was done, with more epochs', async () => {
    const directory = folders.next();
    cpSync(whole, directory, { recursive: true });
    const { plan, listener: resumed } = await resume(directory, EPOCHS + 1);
    expect(plan?.totalSteps).toBe((EPOCHS + 1) * STEPS);
    expect(resumed.losses).toHaveLength(STEPS);
    expect(resumed.epochs.map(({ epoch }) => epoch)).toEqual([EPOCHS + 1]);
    expect(readFileSync(join(directory, 'document.loom'), 'utf8')).toContain(`"epochs": ${EPOCHS + 1}`);
  });
});

describe('what cannot go on', () => {
  const spoilt = (spoil: (directory: string) => void): string => {
    const directory = diedAfter(1);
    spoil(directory);
    return directory;
  };
  const cases: readonly [name: string, directory: () => string, code: string, args: object][] = [
    ['a run that is done', () => whole, 'run/nothing-left', { epochs: EPOCHS }],
    ['a folder that is no run', () => folders.root, 'run/not-a-run', { reason: 'NO_DOCUMENT' }],
    [
      'a run without a record',
      () => spoilt((directory) => writeFileSync(join(directory, 'run.json'), '{}')),
      ...(['run/not-a-run', { reason: 'BAD_RECORD' }] as const),
    ],
    [
      'a run without a checkpoint',
      () => spoilt((directory) => rmSync(join(directory, 'checkpoints'), { recursive: true })),
      ...(['run/not-a-run', { reason: 'NO_CHECKPOINT' }] as const),
    ],
    [
      'a checkpoint that is cut off',
      () =>
        spoilt((directory) => {
          const path = join(directory, 'checkpoints', 'epoch-1.safetensors');
          writeFileSync(path, readFileSync(path).subarray(0, 5000));
        }),
      ...(['run/not-a-run', { reason: 'BAD_CHECKPOINT' }] as const),
    ],
  ];

  it.each(cases)('%s is refused, and left as it was', async (_, make, code, args) => {
    const directory = make();
    const before = readdirSync(directory, { recursive: true });
    const { problem } = await resume(directory);
    expect(problem).toMatchObject({ code, args });
    expect(readdirSync(directory, { recursive: true })).toEqual(before);
  });
});
