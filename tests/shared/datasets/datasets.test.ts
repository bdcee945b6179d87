/** The facts about data sets agree with one another and with the IDX format. */
import { describe, expect, it } from 'vitest';
import { datasetOf, datasets } from '@shared/datasets';

describe('the data sets', () => {
  it('are MNIST and Fashion-MNIST, in full', () => {
    expect(datasets.map(({ id }) => id)).toEqual(['mnist', 'fashion-mnist']);
    for (const { input, trainSamples, testSamples, classNames } of datasets) {
      expect(input).toEqual([28, 28, 1]);
      expect([trainSamples, testSamples]).toEqual([60_000, 10_000]);
      expect(classNames).toHaveLength(10);
    }
  });

  it.each(datasets.map((dataset) => [dataset.id, dataset] as const))(
    '%s has files of the sizes of IDX',
    (_id, dataset) => {
      const pixels = dataset.input.reduce((product, size) => product * size, 1);
      for (const { count, images, labels } of [dataset.files.train, dataset.files.test]) {
        expect(images.bytes).toBe(16 + count * pixels);
        expect(labels.bytes).toBe(8 + count);
      }
    },
  );

  it('are found by id only', () => {
    expect(datasetOf('mnist')?.title['zh-CN']).toContain('手写数字');
    expect(datasetOf('cifar-10')).toBeUndefined();
    expect(datasetOf('constructor')).toBeUndefined();
  });
});
