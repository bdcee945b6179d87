/** `layerloom bench` as a script calls it. */
import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { runCli, temporaryFolder } from '../support/run-cli';

const inFolder = temporaryFolder();
const withoutPeers = { LAYERLOOM_PEERS: 'none' };
const bench = (...options: string[]) => runCli(['bench', ...options], withoutPeers);

test.each([
  [['--networks', 'lenet,perceptron'], 'perceptron'],
  [['--precision', 'fp8'], 'fp8'],
  [['--tasks', 'sleep'], 'sleep'],
  [['--frameworks', 'caffe'], 'caffe'],
  [['--rounds', '0'], '--rounds'],
  [['--peers', './no-such-folder'], 'no-such-folder'],
])('%j is refused, naming what is wrong', async (options, message) => {
  const refused = await bench(...options);
  expect(refused).toMatchObject({ code: 2, out: '' });
  expect(refused.error).toContain(message);
});

test('a file that is no report is refused and left alone', async () => {
  await writeFile(inFolder('notes.json'), '{"mine": 1}');
  const refused = await bench('--quick', '-o', inFolder('notes.json'));
  expect(refused).toMatchObject({ code: 2, out: '' });
  expect(refused.error).toContain('notes.json');
});

describe('a quick benchmark of one step', () => {
  test('times our engine and tfjs-layers, and says what it lacks', async () => {
    const options = ['--networks', 'lenet', '--tasks', 'step', '--quick', '--json'];
    const { code, out, error } = await bench(...options, '--precision', 'fp32');
    expect(code).toBe(0);
    expect(error).toContain('round 1 of 1: tfjs-layers');
    const report: unknown = JSON.parse(out);
    const figure = { network: 'lenet', precision: 'fp32', batch: 256, measure: 'step', params: 61706 };
    expect(report).toMatchObject({
      results: expect.arrayContaining([
        expect.objectContaining({
          ...figure,
          framework: 'layerloom',
          msPerStep: expect.any(Number) as number,
        }),
        expect.objectContaining({ ...figure, framework: 'tfjs-layers' }),
      ]) as unknown,
      comparisons: expect.arrayContaining([
        expect.objectContaining({ measure: 'step', peer: 'tfjs-layers', target: 2.8 }),
      ]) as unknown,
      missing: [
        { what: 'keras', reason: expect.stringContaining('--peers') as string },
        { what: 'pytorch', reason: expect.stringContaining('--peers') as string },
      ],
    });
  });
});
