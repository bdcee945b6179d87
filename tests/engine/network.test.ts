/** Compiled networks in a session: variables and data keep what they were given, whatever becomes of the arrays. */
import { describe, expect, it } from 'vitest';
import { compileDocument } from '@shared/compile/compile';
import { parseDocument } from '@shared/document/parse';
import { Network } from '../../src-main/engine/network';
import { lenetDocument, must, testRuntime } from './support';

async function network(template: string, training = {}): Promise<Network> {
  const { document } = must(parseDocument(lenetDocument(training, template)));
  return must(await Network.load(await testRuntime(), must(compileDocument(document))));
}

describe.each(['lenet', 'lenet-bn'])('%s', (template) => {
  it('keeps the weights that it was given when the arrays change later', async () => {
    const loaded = await network(template);
    must(await loaded.initialize(1));
    const given = loaded.program.variables.map(({ name, dims }, index) => {
      const length = dims.reduce((product, size) => product * size, 1);
      return { name, values: Float32Array.from({ length }, (_, place) => index + place / length) };
    });
    for (const { name, values } of given) {
      const fed = values.slice();
      must(await loaded.write(name, fed));
      fed.fill(Number.NaN);
    }
    const read = must(await loaded.read());
    expect(read.map(({ name }) => name)).toEqual(given.map(({ name }) => name));
    read.forEach(({ values }, index) => expect(values).toEqual(given[index]?.values));
    loaded.dispose();
  });

  it('keeps the images that it was given when the array changes later', async () => {
    const loaded = await network(template);
    must(await loaded.initialize(1));
    const images = Uint8Array.from({ length: 64 * 784 }, (_, index) => (index * 7919) % 256);
    const labels = Int32Array.from({ length: 64 }, (_, index) => index % 10);
    const split = { count: 64, images, labels };
    const indices = Int32Array.from({ length: 64 }, (_, index) => index);
    must(await loaded.feedData('test', split));
    const before = must(await loaded.evaluate(indices));
    images.fill(255);
    labels.fill(0);
    expect(must(await loaded.evaluate(indices))).toEqual(before);
    must(await loaded.feedData('test', split));
    expect(must(await loaded.evaluate(indices))).not.toEqual(before);
    loaded.dispose();
  });

  it('has the same initial weights for the same seed, and others for another', async () => {
    const loaded = await network(template);
    const initial = async (seed: number) => {
      must(await loaded.initialize(seed));
      return must(await loaded.read()).find(({ name }) => name.endsWith('/kernel'))?.values;
    };
    const first = await initial(1);
    expect(await initial(2)).not.toEqual(first);
    expect(await initial(1)).toEqual(first);
    loaded.dispose();
  });

  it('takes partial batches, and holds no tensor after 200 steps', async () => {
    const { binding } = await testRuntime();
    const loaded = await network(template);
    must(await loaded.initialize(1));
    const images = Uint8Array.from({ length: 64 * 784 }, (_, index) => (index * 7919) % 256);
    must(await loaded.feedData('train', { count: 64, images, labels: new Int32Array(64) }));
    const before = binding.getNumOfTensors();
    const losses: number[] = [];
    for (let step = 0; step < 200; step++) {
      const size = step % 2 === 0 ? 64 : 5;
      const { loss, right } = must(await loaded.trainStep(new Int32Array(size), step, 1, 0.001));
      expect(right).toBeLessThanOrEqual(size);
      losses.push(loss);
    }
    expect(binding.getNumOfTensors()).toBe(before);
    expect(losses.at(-1)).toBeLessThan(losses[0] ?? 0);
    loaded.dispose();
  });
});
