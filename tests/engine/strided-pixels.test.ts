/** Strided 1×1 kernels with few channels, whose gradient made TensorFlow write past its memory: right, again and again. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Runtime } from '../../src-main/engine/runtime/runtime';
import { cpuRuntime, sample } from './graph-session';
import { NodeSession, type Values } from './lowered-node';

let runtime: Runtime;
beforeAll(async () => {
  runtime = await cpuRuntime();
});

const [BATCH, SIZE, STRIDE, CHANNELS, FILTERS] = [4, 8, 3, 3, 2];
/** Corrupted memory shows some calls later. */
const CALLS = 30;

/** Of sum(y²) by the kernel, y = x K at the pixels that meet it: 2 Σ x y. */
function expectedGradient(pixels: readonly (readonly number[])[], outputs: readonly (readonly number[])[]) {
  return Array.from({ length: CHANNELS * FILTERS }, (_, index) => {
    const [channel, filter] = [Math.floor(index / FILTERS), index % FILTERS];
    return pixels.reduce((sum, x, i) => sum + 2 * (x[channel] ?? NaN) * (outputs[i]?.[filter] ?? NaN), 0);
  });
}

/** The channels of every pixel whose row and column the stride meets. */
function pixelsOf({ dims, values }: Values, stride: number): readonly (readonly number[])[] {
  const [batch = 0, height = 0, width = 0, channels = 0] = dims;
  const found: number[][] = [];
  for (let image = 0; image < batch; image++)
    for (let row = 0; row < height; row += stride)
      for (let column = 0; column < width; column += stride) {
        const at = ((image * height + row) * width + column) * channels;
        found.push(Array.from(values.subarray(at, at + channels)));
      }
  return found;
}

describe.each([
  ['Conv2D', SIZE * STRIDE, STRIDE, 1],
  ['Conv2DTranspose', SIZE, 1, STRIDE],
])('%s', (type, size, inputStride, outputStride) => {
  it('has the gradient of its formula', async () => {
    const params = { filters: FILTERS, kernelSize: [1, 1], strides: [STRIDE, STRIDE], padding: 'same' };
    const shape = [size, size, CHANNELS];
    const session = await NodeSession.open(runtime, type, { ...params, useBias: false }, [shape]);
    const x: Values = { dims: [BATCH, ...shape], values: sample(BATCH * size * size * CHANNELS, 3) };
    for (let call = 0; call < CALLS; call++) {
      const { output, gradients } = await session.run([x]);
      const outputSize = type === 'Conv2D' ? SIZE : SIZE * STRIDE;
      const y = { dims: [BATCH, outputSize, outputSize, FILTERS], values: output.values };
      const expected = expectedGradient(pixelsOf(x, inputStride), pixelsOf(y, outputStride));
      // A transposed convolution has its kernel as [1, 1, out, in].
      const found = Array.from(gradients[1] ?? []);
      const ours =
        type === 'Conv2D'
          ? found
          : expected.map((_, i) => found[(i % FILTERS) * CHANNELS + Math.floor(i / FILTERS)] ?? NaN);
      const largest = Math.max(...expected.map(Math.abs));
      expect(
        Math.max(...expected.map((value, i) => Math.abs(value - (ours[i] ?? NaN)))) / largest,
      ).toBeLessThan(1e-5);
    }
    session.dispose();
  });
});
