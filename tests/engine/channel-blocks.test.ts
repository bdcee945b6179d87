/** Convolutions and gradients of all kinds of channel counts against their formula: TensorFlow's own are wrong in some. */
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeSavedModel } from '@shared/compile/graphdef';
import { inMixedPrecision } from '@shared/compile/passes/mixed-precision';
import { tunedForMixedPrecision, tunedForProcessor } from '@shared/compile/passes/processor';
import { prune } from '@shared/compile/prune';
import { GraphBuilder } from '@shared/ir/builder';
import { BATCH, type Graph, type TensorRef } from '@shared/ir/types';
import { ints } from '@shared/ops/primitive';
import { precisionsOf } from '@shared/training/precision';
import { required } from '@shared/util/assert';
import { probeCapabilities } from '../../src-main/engine/runtime/probe';
import { float32, type Runtime } from '../../src-main/engine/runtime/runtime';
import { cpuRuntime, expectOk, GraphSession, sample } from './graph-session';

let runtime: Runtime;
let hasBf16 = false;
beforeAll(async () => {
  runtime = await cpuRuntime();
  hasBf16 = precisionsOf(await probeCapabilities(runtime)).includes('bf16');
});

const [IMAGES, SIZE] = [2, 5];

interface Case {
  readonly channels: number;
  readonly filters: number;
  readonly kernel: number;
  readonly stride: number;
  readonly groups?: number;
}

/** Every way of filling blocks of 16, 32 and 64 channels, strided or not. */
const counts = [
  1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 40, 47, 48, 49, 63, 64, 65, 80, 81, 96, 100, 130,
];
const cases: readonly Case[] = [
  ...counts.flatMap((channels) =>
    [1, 2, 3].flatMap((kernel) =>
      [1, 2].flatMap((stride) => [1, 3, 4].map((filters) => ({ channels, filters, kernel, stride }))),
    ),
  ),
  ...[1, 3, 33, 40].flatMap((channels) =>
    [1, 2].map((stride) => ({ channels, filters: 2, kernel: 3, stride, groups: 2 })),
  ),
];

interface Values {
  readonly images: Float32Array;
  readonly weights: Float32Array;
  readonly gradient: Float32Array;
}

/** `channels` and `filters` are those of a group. */
function sizesOf({ channels, filters, kernel, stride, groups = 1 }: Case) {
  const outer = Math.floor((SIZE - kernel) / stride) + 1;
  return { outer, all: channels * groups, outputs: filters * groups };
}

/** Forward and the gradient by images of a VALID convolution, by the formula. */
function byFormula(
  given: Case,
  { images, weights, gradient }: Values,
): readonly [Float64Array, Float64Array] {
  const { channels, filters, kernel, stride, groups = 1 } = given;
  const { outer, all, outputs } = sizesOf(given);
  const forward = new Float64Array(IMAGES * outer * outer * outputs);
  const back = new Float64Array(IMAGES * SIZE * SIZE * all);
  for (let at = 0; at < forward.length; at++) {
    const [output, pixel] = [at % outputs, Math.floor(at / outputs)];
    const [column, row] = [pixel % outer, Math.floor(pixel / outer) % outer];
    const image = Math.floor(pixel / outer ** 2);
    const first = Math.floor(output / filters) * channels;
    for (let tap = 0; tap < kernel * kernel; tap++) {
      const [y, x] = [row * stride + Math.floor(tap / kernel), column * stride + (tap % kernel)];
      for (let channel = 0; channel < channels; channel++) {
        const source = ((image * SIZE + y) * SIZE + x) * all + first + channel;
        const weight = weights[(tap * channels + channel) * filters * groups + output] ?? NaN;
        forward[at] = (forward[at] ?? NaN) + (images[source] ?? NaN) * weight;
        back[source] = (back[source] ?? NaN) + (gradient[at] ?? NaN) * weight;
      }
    }
  }
  return [forward, back];
}

/** Both from one session, in the form that `tune` gives them. */
async function computed(
  given: Case,
  { images, weights, gradient }: Values,
  tune: (graph: Graph, fetched: readonly string[]) => Graph,
): Promise<readonly Float32Array[]> {
  const { channels, kernel, stride } = given;
  const { outer, all, outputs } = sizesOf(given);
  const b = new GraphBuilder();
  const placeholder = (dims: readonly number[]) => b.op('Placeholder', [], { dtype: 'float32', dims });
  const [x, k, dy] = [
    placeholder([BATCH, SIZE, SIZE, all]),
    placeholder([kernel, kernel, channels, outputs]),
    placeholder([BATCH, outer, outer, outputs]),
  ];
  const attributes = { strides: [stride, stride], padding: 'VALID' } as const;
  const sizes = b.constant(ints([IMAGES, SIZE, SIZE, all]));
  const fetched = [
    b.op('Conv2D', [x, k], attributes),
    b.op('Conv2DBackpropInput', [sizes, k, dy], { ...attributes, dims: x.dims }),
  ].map((each): TensorRef => b.op('Identity', [each], {}));
  const graph = tune(
    b.graph,
    fetched.map(({ operation }) => operation),
  );
  const session = new GraphSession(expectOk(await runtime.load(encodeSavedModel(graph))));
  const feeds = [
    [x, float32(images, [IMAGES, SIZE, SIZE, all])],
    [k, float32(weights, [kernel, kernel, channels, outputs])],
    [dy, float32(gradient, [IMAGES, outer, outer, outputs])],
  ] as const;
  const found = await session.run(feeds, fetched);
  session.session.dispose();
  return found.map((each) => Float32Array.from(required(each, 'values')));
}

/** Largest difference from the formula, as a share of the largest value; of both. */
async function errorOf(given: Case, tune: Parameters<typeof computed>[2]): Promise<number> {
  const { outer, all, outputs } = sizesOf(given);
  const values = {
    images: sample(IMAGES * SIZE * SIZE * all, 1),
    weights: sample(given.kernel ** 2 * given.channels * outputs, 2),
    gradient: sample(IMAGES * outer * outer * outputs, 3),
  };
  const expected = byFormula(given, values);
  const found = await computed(given, values, tune);
  return expected.reduce((worst, exact, i) => {
    const largest = exact.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    const distance = exact.reduce((max, value, at) => {
      const each = Math.abs(value - (found[i]?.[at] ?? NaN));
      return Number.isNaN(each) ? Infinity : Math.max(max, each);
    }, 0);
    return Math.max(worst, distance / largest);
  }, 0);
}

const nameOf = ({ channels, filters, kernel, stride, groups = 1 }: Case) =>
  `${kernel}×${kernel} from ${channels} to ${filters}, stride ${stride}, ${groups} groups`;

async function wrongOnes(
  tune: Parameters<typeof computed>[2],
  tolerance: number,
): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const each of cases) {
    const error = await errorOf(each, tune);
    if (!(error < tolerance)) wrong.push(`${nameOf(each)}: ${error}`);
  }
  return wrong;
}

describe('convolutions and their gradients by images follow their formula', () => {
  it('in float32', { timeout: 120_000 }, async () => {
    expect(await wrongOnes((graph) => tunedForProcessor(graph), 1e-5)).toEqual([]);
  });

  it('in bfloat16', { timeout: 120_000 }, async ({ skip }) => {
    skip(!hasBf16, 'this processor has no instructions for bfloat16');
    const inHalf = (graph: Graph, fetched: readonly string[]) => {
      const { graph: tuned, exact } = tunedForMixedPrecision(tunedForProcessor(graph), IMAGES);
      return prune(
        inMixedPrecision(tuned, { half: 'bfloat16', exact: new Set([...fetched, ...exact]) }),
        fetched,
      );
    };
    // Eight bits of mantissa in both factors and the result.
    expect(await wrongOnes(inHalf, 0.02)).toEqual([]);
  });
});
