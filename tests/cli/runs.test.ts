/** Commands that run an engine: train, evaluate, predict and doctor, on the real data sets. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { encode as encodePng } from 'fast-png';
import { beforeAll, describe, expect, test } from 'vitest';
import { userCache } from '@shared/datasets/folders';
import { jsonLines, type Outcome, runCli, RunningCli, temporaryFolder } from './support/run-cli';

const inFolder = temporaryFolder();
const datasets = join(
  userCache({ environment: process.env, platform: process.platform, home: homedir() }),
  'datasets',
);

const train = (run: string, ...options: string[]) => [
  ...['train', inFolder('a.loom'), '--dataset', 'mnist', '--run', inFolder(run), '--json', ...options],
];

let trained: Outcome;
beforeAll(async () => {
  await runCli(['new', 'lenet-bn', '-o', inFolder('a.loom')]);
  trained = await runCli(train('run', '--limit', '1000', '--epochs', '2', '--batch', '64', '--seed', '3'));
});

describe('train', () => {
  test('prints one event a line, every step of them', () => {
    expect(trained.code).toBe(0);
    const events = jsonLines(trained.out);
    expect(events[0]).toMatchObject({
      ...{ event: 'start', dataset: 'mnist', epochs: 2, batchSize: 64, seed: 3 },
      ...{ trainSamples: 1000, testSamples: 10000, stepsPerEpoch: 16, totalSteps: 32 },
    });
    // 1000 images in batches of 64: the last of each epoch is a partial one.
    const steps = events.filter(({ event }) => event === 'step');
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 32 }, (_, i) => i));
    const epochs = events.filter(({ event }) => event === 'epoch');
    expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
    for (const epoch of epochs) {
      for (const key of [
        'loss',
        'accuracy',
        'valLoss',
        'valAccuracy',
        'learningRate',
        'seconds',
        'samplesPerSecond',
      ]) {
        expect(epoch[key], key).toBeTypeOf('number');
      }
    }
    expect(events.filter(({ event }) => event === 'checkpoint')).toHaveLength(2);
    expect(events.at(-1)).toMatchObject({ event: 'done' });
    expect(trained.error).toBe('');
  });

  test('an epoch’s loss is the sample-weighted mean of its steps', () => {
    const events = jsonLines(trained.out);
    const sizes = Array.from({ length: 16 }, (_, i) => (i < 15 ? 64 : 1000 - 15 * 64));
    for (const epoch of [1, 2]) {
      const steps = events.filter((each) => each['event'] === 'step' && each['epoch'] === epoch);
      const mean = (key: string) =>
        steps.reduce((sum, step, i) => sum + Number(step[key]) * (sizes[i] ?? 0), 0) / 1000;
      const record = events.find((each) => each['event'] === 'epoch' && each['epoch'] === epoch);
      expect(mean('loss')).toBeCloseTo(Number(record?.['loss']), 5);
      expect(mean('accuracy')).toBeCloseTo(Number(record?.['accuracy']), 6);
    }
  });

  test('leaves a run folder with the same lines in it', async () => {
    const names = await readdir(inFolder('run'));
    expect(names.sort()).toEqual(['checkpoints', 'document.loom', 'metrics.jsonl', 'run.json']);
    expect(jsonLines(await readFile(inFolder('run/metrics.jsonl'), 'utf8'))).toEqual(jsonLines(trained.out));
    expect(JSON.parse(await readFile(inFolder('run/run.json'), 'utf8'))).toMatchObject({
      state: 'done',
      seed: 3,
    });
  });

  test('gives the same losses with the same seed, and others with another', async () => {
    const losses = ({ out }: Outcome) =>
      jsonLines(out).flatMap((event) => (event['event'] === 'step' ? [event['loss']] : []));
    const options = ['--limit', '1000', '--epochs', '1', '--batch', '64'];
    const again = await runCli(train('again', ...options, '--seed', '3'));
    expect(losses(again)).toEqual(losses(trained).slice(0, 16));
    const other = await runCli(train('other', ...options, '--seed', '4'));
    expect(losses(other)[0]).not.toBe(losses(trained)[0]);
  });

  test('in bfloat16 learns as in float32, or is refused where the device has no instructions for it', async () => {
    const { out: report } = await runCli(['doctor', '--json']);
    const { precisions } = JSON.parse(report) as { precisions: readonly string[] };
    const options = ['--limit', '1000', '--epochs', '1', '--batch', '64', '--seed', '3'];
    const mixed = await runCli(train('mixed', ...options, '--precision', 'bf16'));
    if (!precisions.includes('bf16')) {
      expect(mixed.code).not.toBe(0);
      expect(mixed.error).toContain('bf16');
      return;
    }
    expect(mixed.code).toBe(0);
    const losses = ({ out }: Outcome) =>
      jsonLines(out).flatMap((event) => (event['event'] === 'step' ? [Number(event['loss'])] : []));
    const [exact, rounded] = [losses(trained).slice(0, 16), losses(mixed)];
    expect(rounded).toHaveLength(16);
    // Eight bits of mantissa: near, and not the same.
    expect(rounded).not.toEqual(exact);
    expect((rounded[0] ?? NaN) / (exact[0] ?? NaN)).toBeCloseTo(1, 1);
    expect(rounded.at(-1)).toBeLessThan(rounded[0] ?? NaN);
    expect(JSON.parse(await readFile(inFolder('mixed/run.json'), 'utf8'))).toMatchObject({
      settings: { precision: 'bf16' },
    });
    const evaluated = await runCli(['evaluate', inFolder('mixed'), '--dataset', 'mnist', '--json']);
    expect(evaluated.code).toBe(0);
  });

  test('takes every kind of setting from the command line into document, record and events', async () => {
    const settings = {
      ...{ schedule: 'cosine', warmupEpochs: 0.5, randomFlip: 'horizontal', randomCrop: 2 },
      ...{ labelSmoothing: 0.1, k: 3, classWeights: [1, 2, 1, 1, 1, 1, 1, 1, 1, 0.5] },
    };
    const options = [
      ...[
        '--schedule',
        'cosine',
        '--warmup-epochs',
        '0.5',
        '--random-flip',
        'horizontal',
        '--random-crop',
        '2',
      ],
      ...['--label-smoothing', '0.1', '--k', '3', '--class-weights', '1,2,1,1,1,1,1,1,1,0.5'],
    ];
    const { code, out } = await runCli(
      train('settings', '--limit', '256', '--epochs', '2', '--lr', '0.01', ...options),
    );
    expect(code).toBe(0);
    const [start, ...events] = jsonLines(out);
    expect(start).toMatchObject(settings);
    const document: unknown = JSON.parse(await readFile(inFolder('settings/document.loom'), 'utf8'));
    expect(document).toMatchObject({ training: settings });
    // 8 steps, 2 of them warm-up: the last one is 5/6 through half a cosine.
    const rates = events.flatMap((each) => (each['event'] === 'epoch' ? [each['learningRate']] : []));
    const cosine = (share: number): unknown => expect.closeTo(0.005 * (1 + Math.cos(Math.PI * share)), 9);
    expect(rates).toEqual([cosine(1 / 6), cosine(5 / 6)]);
  });

  test('prints a table for people', async () => {
    const args = train('table', '--limit', '512', '--epochs', '1').filter(
      (argument) => argument !== '--json',
    );
    const { code, out, error } = await runCli(args);
    expect(code).toBe(0);
    expect(out.split('\n')[0]).toMatch(/Epoch +Loss +Accuracy +Test loss +Test accuracy/);
    expect(out.split('\n')[1]).toMatch(/^ +1 +\d\.\d{4} +\d+\.\d\d %/);
    expect(error).toContain('512 images');
  });

  test('goes on with a run, by its folder or by the same command, as if it had never stopped', async () => {
    const options = ['--limit', '1000', '--batch', '64', '--seed', '3'];
    const steps = (out: string) => jsonLines(out).filter(({ event }) => event === 'step');
    expect(await runCli(train('shorter', ...options, '--epochs', '1'))).toMatchObject({ code: 0 });
    const byFolder = await runCli(['train', '--resume', inFolder('shorter'), '--epochs', '2', '--json']);
    expect(byFolder).toMatchObject({ code: 0, error: '' });
    expect(jsonLines(byFolder.out).slice(0, 2)).toMatchObject([
      { event: 'start', epochs: 2, seed: 3, totalSteps: 32 },
      { event: 'resume', step: 16, epoch: 1, epochs: 2 },
    ]);
    expect(steps(byFolder.out)).toEqual(steps(trained.out).slice(16));
    const metrics = await readFile(inFolder('shorter/metrics.jsonl'), 'utf8');
    expect(steps(metrics)).toEqual(steps(trained.out));

    const byCommand = train('shorter', ...options, '--epochs', '3', '--resume');
    expect(jsonLines((await runCli(byCommand)).out).at(-1)).toMatchObject({ event: 'done' });
    const done = await runCli(byCommand);
    expect(done.code).toBe(2);
    expect(done.error).toContain('--epochs');
    const other = await runCli([...byCommand, '--lr', '0.5']);
    expect(other.code).toBe(2);
    expect(other.error).toContain('with other settings');
    const changed = await runCli(['train', '--resume', inFolder('shorter'), '--lr', '0.5', '--limit', '3']);
    expect(changed.code).toBe(2);
    expect(changed.error).toContain('--limit, --lr');
    const none = await runCli(['train', '--resume', inFolder('nothing')]);
    expect(none.code).toBe(2);
    expect(none.error).toContain('document.loom is missing');
  });

  test('stops on Ctrl+C after the running step and keeps the run', async () => {
    const running = new RunningCli(train('stopped', '--limit', '2000', '--epochs', '5000'));
    await running.printed('"event":"checkpoint"');
    running.process.kill('SIGINT');
    const { code, out, error } = await running.ended;
    expect(code).toBe(1);
    expect(error).toContain('Stopping');
    expect(jsonLines(out).at(-1)).toMatchObject({ event: 'stopped' });
    const evaluated = await runCli(['evaluate', inFolder('stopped'), '--json']);
    expect(evaluated.code).toBe(0);
  });

  test('says so when its engine is killed, and the run can be evaluated', async () => {
    const running = new RunningCli(train('killed', '--limit', '2000', '--epochs', '5000'));
    await running.printed('"event":"checkpoint"');
    const engine = childrenOf(running.process.pid ?? 0)[0];
    process.kill(engine ?? 0, 'SIGKILL');
    const { code, out, error } = await running.ended;
    expect(code).toBe(1);
    // 128 and the number of SIGKILL.
    expect(jsonLines(out).at(-1)).toMatchObject({
      event: 'error',
      code: 'run/engine-died',
      args: { exitCode: 137 },
    });
    expect(error).toContain('ended unexpectedly (exit code 137)');
    expect(await runCli(['evaluate', inFolder('killed'), '--json'])).toMatchObject({ code: 0 });
  });

  test('leaves no engine behind when it is killed itself', async () => {
    const running = new RunningCli(train('orphan', '--limit', '2000', '--epochs', '5000'));
    await running.printed('"event":"step"');
    const engine = childrenOf(running.process.pid ?? 0)[0] ?? 0;
    expect(engine).toBeGreaterThan(0);
    running.process.kill('SIGKILL');
    await running.ended.catch(() => undefined);
    await expect.poll(() => isAlive(engine), { timeout: 10_000 }).toBe(false);
  });

  test('fails with a sentence where the data set is not on the machine', async () => {
    const env = { LAYERLOOM_CACHE: inFolder('empty-cache') };
    const { code, error } = await runCli(train('no-data', '--epochs', '1'), env);
    expect(code).toBe(1);
    expect(error).toContain('npm run bootstrap');
  });
});

describe('evaluate', () => {
  test('agrees with the last epoch of the run', async () => {
    const { code, out } = await runCli(['evaluate', inFolder('run'), '--json']);
    expect(code).toBe(0);
    const last = jsonLines(trained.out).findLast(({ event }) => event === 'epoch');
    const result = JSON.parse(out) as { loss: number; accuracy: number; samples: number };
    expect(result.samples).toBe(10000);
    expect(result.accuracy).toBe(last?.['valAccuracy']);
    expect(result.loss).toBeCloseTo(Number(last?.['valLoss']), 5);
  });

  test('takes another data set of the same shape', async () => {
    const args = ['evaluate', inFolder('run'), '--dataset', 'fashion-mnist', '--json'];
    const { code, out } = await runCli(args);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ samples: 10000 });
  });

  test('refuses a folder that is no run, and a data set that there is not', async () => {
    await mkdir(inFolder('empty'));
    for (const folder of ['empty', 'none']) {
      const refused = await runCli(['evaluate', inFolder(folder), '--json']);
      expect(refused).toMatchObject({ code: 2, out: '' });
      expect(refused.error).toContain('is not the folder of a run');
    }
    expect(await runCli(['evaluate', inFolder('run'), '--dataset', 'cifar'])).toMatchObject({
      code: 2,
      out: '',
    });
  });
});

describe('predict', () => {
  const classNames = Array.from({ length: 10 }, (_, digit) => String(digit));

  test('is right about test images as often as evaluate says', async () => {
    const { images, labels } = testImages(300);
    const files = await Promise.all(
      images.map(async (data, i) => {
        const path = inFolder(`digit-${i}.png`);
        await writeFile(path, encodePng({ width: 28, height: 28, channels: 1, data }));
        return path;
      }),
    );
    const { code, out } = await runCli(['predict', inFolder('run'), ...files, '--json']);
    expect(code).toBe(0);
    const predictions = JSON.parse(out) as { file: string; label: string; probabilities: number[] }[];
    expect(predictions.map(({ file }) => file)).toEqual(files);
    for (const { label, probabilities } of predictions) {
      expect(probabilities).toHaveLength(10);
      expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 4);
      expect(label).toBe(classNames[probabilities.indexOf(Math.max(...probabilities))]);
    }
    const right = predictions.filter(({ label }, i) => label === String(labels[i])).length / images.length;
    const last = jsonLines(trained.out).findLast(({ event }) => event === 'epoch');
    // Three standard deviations of a share over 300 images are below 0.09.
    expect(Math.abs(right - Number(last?.['valAccuracy']))).toBeLessThan(0.09);
  });

  test('takes colour images of another size', async () => {
    const [digit = new Uint8Array()] = testImages(1).images;
    const large = new Uint8Array(56 * 56 * 3);
    for (let i = 0; i < 56 * 56; i++) {
      const value = digit[Math.floor(Math.floor(i / 56) / 2) * 28 + Math.floor((i % 56) / 2)] ?? 0;
      large.fill(value, 3 * i, 3 * i + 3);
    }
    await writeFile(inFolder('small.png'), encodePng({ width: 28, height: 28, channels: 1, data: digit }));
    await writeFile(inFolder('large.png'), encodePng({ width: 56, height: 56, channels: 3, data: large }));
    const { out } = await runCli([
      'predict',
      inFolder('run'),
      inFolder('small.png'),
      inFolder('large.png'),
      '--json',
    ]);
    const [small, same] = JSON.parse(out) as { probabilities: number[] }[];
    same?.probabilities.forEach((p, i) => expect(p).toBeCloseTo(small?.probabilities[i] ?? NaN, 4));
  });

  test('prints a line for each image', async () => {
    const { code, out } = await runCli(['predict', inFolder('run'), inFolder('digit-0.png')]);
    expect(code).toBe(0);
    expect(out.split('\n')[1]).toMatch(/digit-0\.png +\d +\d+\.\d % +\d \d+\.\d %, \d \d+\.\d %$/);
  });

  test('refuses what is no image before it starts an engine', async () => {
    await writeFile(inFolder('text.png'), 'hello');
    const refused = await runCli(['predict', inFolder('run'), inFolder('text.png'), '--json']);
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.error).toContain('text.png is not an image that can be read');
  });
});

describe('doctor', () => {
  test('says what there is', async () => {
    const { code, out } = await runCli(['doctor', '--json']);
    expect(code).toBe(0);
    const report = JSON.parse(out) as Record<string, unknown>;
    expect(report['runtime']).toMatch(/^tfjs-node(-gpu)?$/);
    expect(report['version']).toMatch(/^2\.\d+/);
    expect(report['missing']).toEqual([]);
    expect((await runCli(['doctor'])).out).toContain('Nothing is missing.');
  });

  test('says what is missing, and how to get it', async () => {
    const env = { LAYERLOOM_CACHE: inFolder('empty-cache') };
    const { code, out } = await runCli(['doctor', '--json'], env);
    expect(code).toBe(0);
    const { missing } = JSON.parse(out) as { missing: { code: string; message: string; hint: string }[] };
    expect(missing.map((each) => each.code)).toEqual(['data/missing', 'data/missing']);
    expect(missing[0]?.message).toContain('MNIST');
    expect(missing[0]?.hint).toContain('npm run bootstrap');
  });
});

/** The first `count` test images of MNIST, read here byte by byte. */
function testImages(count: number): { images: Uint8Array[]; labels: Uint8Array } {
  const folder = join(datasets, 'mnist');
  const read = (name: string): Buffer => {
    const isPacked = !readdirSync(folder).includes(name);
    const bytes = readFileSync(join(folder, isPacked ? `${name}.gz` : name));
    return isPacked ? gunzipSync(bytes) : bytes;
  };
  const pixels = read('t10k-images-idx3-ubyte').subarray(16);
  const images = Array.from(
    { length: count },
    (_, i) => new Uint8Array(pixels.subarray(i * 784, (i + 1) * 784)),
  );
  return { images, labels: new Uint8Array(read('t10k-labels-idx1-ubyte').subarray(8, 8 + count)) };
}

function childrenOf(pid: number): number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  return rows.flatMap((row) => {
    const [child = 0, parent] = row.trim().split(/\s+/).map(Number);
    return parent === pid ? [child] : [];
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
