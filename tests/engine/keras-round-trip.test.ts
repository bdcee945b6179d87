/** One template of each family exported to Keras and imported again: the same file from it, and the same predictions. */
import { beforeAll, describe, expect, it } from 'vitest';
import { required } from '@shared/util/assert';
import type { Runtime } from '../../src-main/engine/runtime/runtime';
import { largestDifference } from '../../src-main/engine/export-checks/checker';
import { roundTrip } from '../shared/import/round-trip';
import { smallTemplates } from '../shared/small-templates';
import { cpuRuntime } from './graph-session';
import { predictionsOf, referenceOf } from './keras-exports';

let runtime: Runtime;
beforeAll(async () => {
  runtime = await cpuRuntime();
});

/** By turns in both formats. */
const cases = ['lenet-bn', 'vgg-11', 'nin', 'googlenet', 'resnet-18', 'densenet'].map((name, index) => ({
  ...required(
    smallTemplates.find((each) => each.name === name),
    name,
  ),
  target: index % 2 === 0 ? 'keras' : 'keras-h5',
}));

describe.each(cases)('$name as $target', ({ document, target }) => {
  it('comes back', async () => {
    const { input, predictions, images } = await referenceOf(document, runtime);
    const { first, second, input: again } = await roundTrip(target, input);
    expect(Buffer.from(second).equals(Buffer.from(first))).toBe(true);
    const other = await predictionsOf(again, images.pixels, runtime);
    expect(largestDifference(other, predictions)).toBeLessThan(1e-5);
  });
});
