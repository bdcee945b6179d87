/** Peers: what they print, how they fail, and that they are handed the same networks. */
import { writeFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { analyse } from '@shared/compile/analyse';
import { isExpandable } from '@shared/compile/expansion';
import { parseTraining } from '@shared/training/settings';
import { required } from '@shared/util/assert';
import { modelOf } from '../../../scripts/bench/peers/tfjs-model.mjs';
import { epochDocument, layersOf, stepDocument } from '../../../src-main/cli/bench/documents';
import { benchNetworks, inputOf } from '../../../src-main/cli/bench/networks';
import {
  askPeer,
  epochFigures,
  lastWords,
  parseFigures,
  peerVersions,
} from '../../../src-main/cli/bench/peer-process';
import architectures from '../../reference/architectures.json';
import { temporaryFolder } from '../support/run-cli';

const inFolder = temporaryFolder();
const line = '{"params": 3, "epochMs": [1.5, 2], "peakBytes": 4096}';

describe('the line of figures', () => {
  test('is the last one that is JSON, whatever libraries print around it', () => {
    const parsed = parseFigures(`{"params": 1}\nwarning\n${line}\nbye\n`, epochFigures);
    expect(parsed).toEqual({ ok: true, value: { params: 3, epochMs: [1.5, 2], peakBytes: 4096 } });
  });

  test.each([
    ['', 'no figures'],
    ['nothing here', 'no figures'],
    ['{"params": 3', 'not JSON'],
    ['{"params": 3, "epochMs": [], "peakBytes": 1}', 'not as expected'],
    ['{"params": 3, "epochMs": [0], "peakBytes": 1}', 'not as expected'],
    ['{"params": "3", "epochMs": [1], "peakBytes": 1}', 'not as expected'],
  ])('%j is refused', (output, reason) => {
    const parsed = parseFigures(output, epochFigures);
    expect(parsed).toMatchObject({ ok: false });
    expect(parsed.ok ? '' : parsed.error).toContain(reason);
  });
});

describe('a program', () => {
  const program = async (name: string, text: string) => {
    await writeFile(inFolder(name), text);
    return askPeer(process.execPath, [inFolder(name)], epochFigures);
  };

  test('that prints its figures is heard, with the moment of its start', async () => {
    const before = Date.now();
    const answer = await program('good.mjs', `console.log('noise'); console.log(${JSON.stringify(line)});`);
    const value = required(answer.ok ? answer.value : undefined, 'an answer');
    expect(value.figures.params).toBe(3);
    expect(value.startedAt).toBeGreaterThanOrEqual(before);
    expect(value.startedAt).toBeLessThanOrEqual(Date.now());
  });

  test('that fails tells why', async () => {
    const answer = await program('bad.mjs', `throw new RangeError('out of memory');`);
    expect(answer).toEqual({ ok: false, error: 'RangeError: out of memory' });
  });

  test('that fails without a word is told by its exit code', async () => {
    expect(await program('mute.mjs', 'process.exit(3)')).toEqual({ ok: false, error: 'exit code 3' });
  });

  test('that is not there is no answer', async () => {
    const answer = await askPeer(inFolder('no-python'), [], peerVersions);
    expect(answer.ok ? '' : answer.error).toContain('ENOENT');
  });
});

test('the last words of a traceback are its error', () => {
  const python =
    'Traceback (most recent call last):\n  File "x.py"\nModuleNotFoundError: No module named x\n\n';
  expect(lastWords(python)).toBe('ModuleNotFoundError: No module named x');
  expect(lastWords('killed\n')).toBe('killed');
});

/** Trained parameters as PyTorch counts them, by the reference's names. */
const references: Readonly<Record<string, number>> = {
  lenet: architectures.networks.LeNet.params,
  'lenet-bn': architectures.networks['LeNet with batch normalization'].params,
  googlenet: architectures.networks.GoogLeNet.params,
  densenet: architectures.networks.DenseNet.params,
  'resnet-18': architectures.networks['ResNet-18'].params,
  alexnet: architectures.networks.AlexNet.params,
  'vgg-11': architectures.networks['VGG-11, channels / 4'].params,
  nin: architectures.networks.NiN.params,
};

describe.each(benchNetworks.map((network) => ({ id: network.id, network })))('$id', ({ network }) => {
  test('steps on images of its own size, without resizing', () => {
    const document = stepDocument(network, 'fp32');
    const analysis = analyse(document);
    expect(analysis.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(analysis.input).toEqual(inputOf(network));
    expect(analysis.totals.trainableParams).toBe(references[network.id]);
    expect(Object.values(document.nodes).map(({ type }) => type)).not.toContain('Resizing');
    const trained = epochDocument(network, 'fp32', { epochs: 2, isAugmented: true });
    const whole = analyse(trained);
    expect(whole.input).toEqual([28, 28, 1]);
    expect(trained.training).toMatchObject({ epochs: 2, randomFlip: 'horizontal' });
    const plain = epochDocument(network, 'fp32', { epochs: 2, isAugmented: false });
    expect(parseTraining(plain.training).settings).toMatchObject({ randomFlip: 'none', randomCrop: 0 });
    expect(parseTraining(document.training).settings).toMatchObject({ randomFlip: 'none', randomCrop: 0 });
    expect(parseTraining(trained.training).problems).toEqual([]);
    expect(whole.totals.trainableParams).toBe(analysis.totals.trainableParams);
  });

  test('is opened into layers that follow those that feed them', () => {
    const document = stepDocument(network, 'fp32');
    const layers = layersOf(document);
    const known = new Set<string>();
    for (const { id, inputs } of layers) {
      expect(inputs.filter((each) => !known.has(each))).toEqual([]);
      known.add(id);
    }
    const blocks = Object.keys(document.nodes).filter((id) => isExpandable(document, id));
    expect(blocks.filter((id) => known.has(id))).toEqual([]);
  });
});

/** Those without large dense layers: plain JavaScript would draw their weights for a minute. */
const light = benchNetworks.filter(({ id }) => id !== 'alexnet' && id !== 'vgg-11');

describe('tfjs-layers', () => {
  beforeAll(() => tf.setBackend('cpu'));

  test.each(light.map((network) => ({ id: network.id, network })))(
    'builds $id with as many parameters, and one answer for each class',
    ({ network }) => {
      const model = modelOf(tf, layersOf(stepDocument(network, 'fp32')));
      const sizes = model.trainableWeights.map(({ shape }) =>
        shape.reduce<number>((product, size) => product * Number(size), 1),
      );
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(references[network.id]);
      expect(model.outputs[0]?.shape).toEqual([null, 10]);
      model.dispose();
    },
  );

  test('refuses a layer that it has no counterpart for', () => {
    const layers = [
      { id: 'a', type: 'Input', params: { shape: [4, 4, 1] }, inputs: [] },
      { id: 'b', type: 'Mystery', params: {}, inputs: ['a'] },
    ];
    expect(() => modelOf(tf, layers)).toThrow('Mystery');
  });
});
