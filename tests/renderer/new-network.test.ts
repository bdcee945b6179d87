/** The dialog for a new network: options of the template, and why a network would not work. */
import { describe, expect, test } from 'vitest';
import { NewNetwork } from '../../src-renderer/dialogs/new-network.svelte';

describe('a new network', () => {
  test('has the template’s options, and others on demand', () => {
    const network = new NewNetwork();
    network.choose('vgg-11');
    expect(network.options).toEqual({ input: [224, 224, 1], classes: 10, preset: 'own', widthDivisor: 1 });
    const full = network.analysis?.totals.params ?? 0;
    network.choosePreset('textbook');
    expect(network.options?.widthDivisor).toBe(4);
    expect(network.analysis?.totals.params).toBeLessThan(full);
  });

  test('says why it would not work, and knows what is no number', () => {
    const network = new NewNetwork();
    network.choose('alexnet');
    network.height = 8;
    network.width = 8;
    expect(network.problem).toMatchObject({ code: 'template/input-too-small', args: { given: '8×8' } });
    network.classes = null;
    expect(network.options).toBeUndefined();
  });
});

describe('an image folder of the open document', () => {
  const classNames = ['a', 'b', 'c'];
  const folder = { kind: 'folder' as const, id: '/pets', classNames, trainSamples: 3, testSamples: 1 };

  test('is what the new network is for, unless told otherwise', () => {
    const network = new NewNetwork(folder);
    expect([network.dataset, network.classes]).toEqual(['/pets', 3]);
    network.choose('resnet-18');
    expect(network.analysis?.output).toEqual([3]);
    network.useFolder(false);
    expect([network.dataset, network.classes]).toEqual([undefined, 10]);
  });

  test('is none without one', () => {
    const network = new NewNetwork();
    expect([network.dataset, network.usesFolder]).toEqual([undefined, false]);
  });
});
