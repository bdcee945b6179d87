/** Commands that need no engine: templates, new, inspect, help, and what all of them refuse. */
import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { runCli, temporaryFolder } from './support/run-cli';

const inFolder = temporaryFolder();

describe('templates', () => {
  test('are listed for people and for programs', async () => {
    const human = await runCli(['templates']);
    expect(human).toMatchObject({ code: 0, error: '' });
    expect(human.out).toMatch(/^lenet +LeNet +28×28×1 +61,706$/m);
    const { out } = await runCli(['templates', '--json']);
    const listed: unknown = JSON.parse(out);
    expect(listed).toHaveLength(12);
    expect(listed).toContainEqual({ id: 'lenet', title: 'LeNet', input: [28, 28, 1], params: 61706 });
    expect(listed).toContainEqual(expect.objectContaining({ id: 'lenet-bn', input: [28, 28, 1] }));
  });
});

describe('new', () => {
  test('writes a file that inspect opens', async () => {
    expect(await runCli(['new', 'lenet', '-o', inFolder('a.loom')])).toMatchObject({ code: 0, out: '' });
    const { code, out } = await runCli(['inspect', inFolder('a.loom'), '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ input: [28, 28, 1], output: [10], params: 61706, problems: [] });
  });

  test('takes another input and number of classes', async () => {
    const args = ['new', 'lenet-bn', '--output', inFolder('b.loom'), '--input', '32x36x3', '--classes', '7'];
    expect(await runCli(args)).toMatchObject({ code: 0 });
    const { out } = await runCli(['inspect', inFolder('b.loom'), '--json']);
    expect(JSON.parse(out)).toMatchObject({ input: [32, 36, 3], output: [7] });
  });

  test('takes the settings of the textbook, and a width', async () => {
    const args = ['new', 'vgg-11', '-o', inFolder('vgg.loom'), '--input', '32x32x1'];
    expect(await runCli([...args, '--preset', 'textbook', '--width-divisor', '8'])).toMatchObject({
      code: 0,
    });
    const document: unknown = JSON.parse(await readFile(inFolder('vgg.loom'), 'utf8'));
    expect(document).toMatchObject({
      training: {
        dataset: 'fashion-mnist',
        optimizer: 'sgd',
        learningRate: 0.05,
        batchSize: 128,
        epochs: 10,
      },
    });
    const { out } = await runCli(['inspect', inFolder('vgg.loom'), '--json']);
    expect(out).toContain('64');
    expect(out).not.toContain('512');
  });

  test('refuses a preset that the template lacks, and a width for a network without', async () => {
    const preset = await runCli(['new', 'vgg-16', '-o', inFolder('p.loom'), '--preset', 'textbook']);
    expect(preset).toMatchObject({ code: 2, out: '' });
    expect(preset.error).toContain('own');
    const width = await runCli(['new', 'lenet', '-o', inFolder('w.loom'), '--width-divisor', '2']);
    expect(width).toMatchObject({ code: 2, out: '' });
    expect(width.error).toContain('--width-divisor');
    await expect(readFile(inFolder('w.loom'))).rejects.toThrow();
  });

  test('does not overwrite a file unless it is told to', async () => {
    await writeFile(inFolder('c.loom'), 'precious');
    const refused = await runCli(['new', 'lenet', '-o', inFolder('c.loom')]);
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.error).toContain('--force');
    expect(await readFile(inFolder('c.loom'), 'utf8')).toBe('precious');
    expect(await runCli(['new', 'lenet', '-o', inFolder('c.loom'), '--force'])).toMatchObject({ code: 0 });
    expect(await readFile(inFolder('c.loom'), 'utf8')).toContain('"format": "layerloom"');
  });

  test('refuses an input for which the template does not work', async () => {
    const refused = await runCli(['new', 'lenet', '-o', inFolder('d.loom'), '--input', '4x4x1']);
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.error).toContain('too small');
    await expect(readFile(inFolder('d.loom'))).rejects.toThrow();
  });

  test('says where it cannot write', async () => {
    const refused = await runCli(['new', 'lenet', '-o', inFolder('none/a.loom')]);
    expect(refused.code).toBe(1);
    expect(refused.error).toContain('the folder does not exist');
  });
});

describe('inspect', () => {
  test('has a row for each layer, in the order of the data', async () => {
    await runCli(['new', 'lenet', '-o', inFolder('e.loom')]);
    const { out } = await runCli(['inspect', inFolder('e.loom'), '--json']);
    const report = JSON.parse(out) as { layers: Record<string, unknown>[]; macs: number; params: number };
    expect(report.layers[0]).toMatchObject({
      id: 'input_1',
      type: 'Input',
      output: [28, 28, 1],
      params: 0,
      macs: 0,
    });
    // 5·5·1·6 weights and 6 biases; 28·28·6 outputs of 25 products each.
    expect(report.layers[1]).toMatchObject({
      type: 'Conv2D',
      output: [28, 28, 6],
      params: 156,
      macs: 117600,
    });
    expect(report.layers.at(-1)).toMatchObject({ type: 'Output', output: [10] });
    const sum = (key: string) => report.layers.reduce((total, layer) => total + Number(layer[key]), 0);
    expect([sum('macs'), sum('params')]).toEqual([report.macs, report.params]);
  });

  test('has the parts of a block as children, and names the part with a problem', async () => {
    const node = (id: string, type: string, params: object) => ({
      ...{ id, type, name: id, position: { x: 0, y: 0 }, params },
    });
    const file = {
      format: 'layerloom',
      version: 1,
      nodes: [
        node('input_1', 'Input', { shape: [8, 8, 3] }),
        node('dense_block_1', 'DenseBlock', { layers: 1, growthRate: 2 }),
        node('nin_block_1', 'NinBlock', { kernelSize: [9, 9] }),
      ],
      wires: [
        { from: ['input_1', 'out'], to: ['dense_block_1', 'in'] },
        { from: ['dense_block_1', 'out'], to: ['nin_block_1', 'in'] },
      ],
    };
    await writeFile(inFolder('h.loom'), JSON.stringify(file));
    const { out } = await runCli(['inspect', inFolder('h.loom'), '--json']);
    const report = JSON.parse(out) as { problems: unknown[]; layers: Record<string, unknown>[] };
    expect(report.layers[0]).not.toHaveProperty('children');
    // 3·3·3·2 weights and 2 biases; γ and β of three channels, of which the moving averages are not trained.
    expect(report.layers[1]).toMatchObject({
      output: [8, 8, 5],
      trainableParams: 56 + 6,
      children: [
        { id: 'norm1', type: 'BatchNormalization', output: [8, 8, 3], params: 12, trainableParams: 6 },
        { id: 'relu1', type: 'Activation' },
        { id: 'conv1', type: 'Conv2D', output: [8, 8, 2], params: 56, macs: 8 * 8 * 2 * 27 },
        { id: 'concat1', type: 'Concatenate', output: [8, 8, 5] },
      ],
    });
    expect(report.problems).toContainEqual(
      expect.objectContaining({ code: 'shape/window-too-large', node: 'nin_block_1', part: 'conv1' }),
    );
  });

  test('opens a network with problems, and names them', async () => {
    await runCli(['new', 'lenet', '-o', inFolder('f.loom')]);
    const text = await readFile(inFolder('f.loom'), 'utf8');
    await writeFile(inFolder('f.loom'), text.replace(/^.*"to": \["conv2d_2".*\n/m, ''));
    const { code, out } = await runCli(['inspect', inFolder('f.loom'), '--json']);
    expect(code).toBe(0);
    const report = JSON.parse(out) as { problems: unknown[]; layers: { id: string; output: unknown }[] };
    expect(report.problems).toContainEqual(
      expect.objectContaining({ code: 'graph/input-missing', node: 'conv2d_2', port: 'in' }),
    );
    expect(report.layers.find(({ id }) => id === 'conv2d_2')?.output).toBeNull();
    const human = await runCli(['inspect', inFolder('f.loom')]);
    expect(human.code).toBe(0);
    expect(human.out).toContain('[graph/input-missing] conv2d_2.in');
  });

  test('speaks the language of the environment', async () => {
    await runCli(['new', 'lenet', '-o', inFolder('g.loom')]);
    const chinese = await runCli(['inspect', inFolder('g.loom')], {
      LAYERLOOM_LOCALE: '',
      LANG: 'zh_CN.UTF-8',
    });
    expect(chinese.out).toContain('没有问题');
  });

  test.each([
    ['not JSON', '{"format": "layer', 'JSON'],
    ['of another format', '{"format": "other", "version": 1}', 'other'],
    ['of a later version', '{"format": "layerloom", "version": 99}', '99'],
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'UTF-8'],
  ])('refuses a file that is %s', async (_what, content, message) => {
    await writeFile(inFolder('bad.loom'), content);
    const refused = await runCli(['inspect', inFolder('bad.loom'), '--json']);
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.error).toContain(message);
  });

  test('refuses a file that is not there', async () => {
    const refused = await runCli(['inspect', inFolder('nowhere.loom')]);
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.error).toContain('there is no such file');
  });
});

describe('help', () => {
  test('lists every command, and each explains itself', async () => {
    const { code, out } = await runCli(['--help']);
    expect(code).toBe(0);
    for (const command of ['templates', 'new', 'inspect', 'train', 'evaluate', 'predict', 'doctor']) {
      expect(out).toMatch(new RegExp(`^  ${command} `, 'm'));
      const help = await runCli([command, '--help']);
      expect(help).toMatchObject({ code: 0, error: '' });
      expect(help.out).toContain(`layerloom ${command}`);
    }
  });
});

describe('a wrong request', () => {
  test.each([
    [[], 'Name a command'],
    [['nonsense'], 'nonsense'],
    [['templates', '--nonsense'], '--nonsense'],
    [['templates', '-x'], '-x'],
    [['templates', 'extra'], 'extra'],
    [['templates', '--json=yes'], 'takes no value'],
    [['inspect'], 'FILE'],
    [['inspect', 'a', 'b'], 'b'],
    [['new'], 'TEMPLATE'],
    [['new', 'alexnet-9', '-o', 'x'], 'lenet, lenet-bn'],
    [['new', 'lenet'], '--output'],
    [['new', 'lenet', '-o'], '-o needs a value'],
    [['new', 'lenet', '-o', '--force'], '-o needs a value'],
    [['new', 'lenet', '-o', 'x', '--input', '28x28'], '28x28x1'],
    [['new', 'lenet', '-o', 'x', '--classes', '2.5'], '--classes'],
    [['new', 'lenet', '-o', 'x', '--classes', '1'], '--classes'],
    [['evaluate'], 'RUN'],
    [['predict', 'run'], 'IMAGE'],
  ])('%j is refused with a sentence', async (args, message) => {
    const refused = await runCli(args);
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.error).toContain(message);
  });
});
