/** What `layerloom train` refuses before it starts an engine. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { trainingSchema } from '@shared/training/schema';
import { runCli, temporaryFolder } from './support/run-cli';

const inFolder = temporaryFolder();
beforeAll(async () => void (await runCli(['new', 'lenet', '-o', inFolder('a.loom')])));

const train = (...options: string[]) =>
  runCli(['train', inFolder('a.loom'), '--dataset', 'mnist', '--run', inFolder('run'), ...options]);

test.each([
  [['--epochs', '0'], '--epochs'],
  [['--epochs', 'many'], '--epochs'],
  [['--epochs', '99999'], '--epochs is 99999'],
  [['--batch', '-4'], '--batch'],
  [['--batch', '65537'], '--batch is 65537'],
  [['--optimizer', 'magic'], '--optimizer is'],
  [['--lr', 'fast'], '--lr'],
  [['--lr', '-1'], '--lr is -1'],
  [['--seed', '1.5'], '--seed'],
  [['--label-smoothing', '2'], '--label-smoothing is 2'],
  [['--class-weights', '1,heavy'], '--class-weights'],
  [['--class-weights', '1,2'], '2 class weights'],
  [['--schedule', 'linear'], '--schedule is'],
  [['--random-flip', 'diagonal'], '--random-flip is'],
  [['--random-crop', '-1'], '--random-crop is -1'],
  [['--limit', '0'], '--limit'],
  [['--device', 'tpu'], '--device'],
  [['--precision', 'fp8'], '--precision'],
])('%j is refused, naming the option', async (options, message) => {
  const refused = await train(...options);
  expect(refused).toMatchObject({ code: 2, out: '' });
  expect(refused.error).toContain(message);
});

test('every training setting is an option that the help lists', async () => {
  const { code, out } = await runCli(['train', '--help']);
  expect(code).toBe(0);
  const short = { batchSize: 'batch', learningRate: 'lr' };
  for (const setting of Object.keys(trainingSchema)) {
    const name = Object.hasOwn(short, setting) ? short[setting as keyof typeof short] : setting;
    expect(out).toMatch(new RegExp(`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} `));
  }
});

test('an unknown data set is refused, naming the known ones', async () => {
  const refused = await train('--dataset', 'cifar');
  expect(refused).toMatchObject({ code: 2, out: '' });
  expect(refused.error).toContain('mnist, fashion-mnist');
});

test.each([['--dataset'], ['--run']])('%s may not be left out', async (option) => {
  const all = ['--dataset', 'mnist', '--run', inFolder('run')];
  const at = all.indexOf(option);
  const refused = await runCli(['train', inFolder('a.loom'), ...all.toSpliced(at, 2)]);
  expect(refused).toMatchObject({ code: 2, out: '' });
  expect(refused.error).toContain(`needs ${option}`);
});

test('a run folder with something in it is refused and left alone', async () => {
  await mkdir(inFolder('old'));
  await writeFile(inFolder('old/weights'), 'precious');
  const refused = await train('--run', inFolder('old'));
  expect(refused).toMatchObject({ code: 2, out: '' });
  expect(refused.error).toContain('not empty');
  expect(await readFile(inFolder('old/weights'), 'utf8')).toBe('precious');
  const file = await train('--run', inFolder('old/weights'));
  expect(file.code).toBe(2);
});

test('a network with problems is refused with each of them', async () => {
  const text = await readFile(inFolder('a.loom'), 'utf8');
  await writeFile(inFolder('broken.loom'), text.replace(/^.*"to": \["conv2d_2".*\n/m, ''));
  const refused = await runCli([
    ...['train', inFolder('broken.loom'), '--dataset', 'mnist', '--run', inFolder('run'), '--json'],
  ]);
  expect(refused).toMatchObject({ code: 2, out: '' });
  expect(refused.error).toContain('conv2');
});

test('a network for other images is refused, saying both sizes', async () => {
  await runCli(['new', 'lenet', '-o', inFolder('colour.loom'), '--input', '32x32x3']);
  const refused = await runCli([
    ...['train', inFolder('colour.loom'), '--dataset', 'mnist', '--run', inFolder('run')],
  ]);
  expect(refused).toMatchObject({ code: 2, out: '' });
  expect(refused.error).toContain('32×32×3');
  expect(refused.error).toContain('28×28×1');
});
