/** Losses, class weights, penalties and top-k accuracy against their formulas, computed here in double precision. */
import { beforeAll, describe, expect, it } from 'vitest';
import { compileDocument } from '@shared/compile/compile';
import type { Program } from '@shared/compile/program';
import { type LossName, lossNames } from '@shared/losses';
import type { Json } from '@shared/util/json';
import {
  float32Scalar,
  int32,
  int32Scalar,
  type Runtime,
  uint8,
} from '../../src-main/engine/runtime/runtime';
import { Sketch } from '../shared/sketch';
import { cpuRuntime, expectOk, ProgramSession } from './graph-session';

const CLASSES = 6;
const LABELS = [0, 5, 2, 3];
/** The images: byte / 255 reaches a dense layer whose kernel is 255 * identity, so logits are bytes less 128. */
const BYTES = [
  [130, 128, 127, 128, 126, 125],
  [129, 131, 128, 127, 130, 128],
  [128, 128, 128, 128, 128, 128],
  [120, 135, 128, 140, 128, 101],
];
const LOGITS = BYTES.map((image) => image.map((byte) => byte - 128));
const KERNEL = Array.from({ length: CLASSES ** 2 }, (_, i) => (i % (CLASSES + 1) === 0 ? 255 : 0));

type Formula = (logits: readonly number[], label: number, smoothing: number) => number;
const oneHot = (label: number) => Array.from({ length: CLASSES }, (_, i) => (i === label ? 1 : 0));
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

const formulas: Readonly<Record<LossName, Formula>> = {
  softmaxCrossEntropy(logits, label, smoothing) {
    const total = Math.log(logits.reduce((sum, x) => sum + Math.exp(x), 0));
    const targets = oneHot(label).map((z) => z * (1 - smoothing) + smoothing / CLASSES);
    return -targets.reduce((sum, z, i) => sum + z * ((logits[i] ?? NaN) - total), 0);
  },
  binaryCrossEntropy(logits, label, smoothing) {
    const targets = oneHot(label).map((z) => z * (1 - smoothing) + smoothing / 2);
    const yes = (x: number) => -Math.log1p(Math.exp(-x));
    return mean(logits.map((x, i) => -(targets[i] ?? NaN) * yes(x) - (1 - (targets[i] ?? NaN)) * yes(-x)));
  },
  meanSquaredError: (logits, label) => mean(oneHot(label).map((z, i) => (z - (logits[i] ?? NaN)) ** 2)),
};

const answers: Readonly<Record<LossName, (logits: readonly number[]) => readonly number[]>> = {
  softmaxCrossEntropy(logits) {
    const total = logits.reduce((sum, x) => sum + Math.exp(x), 0);
    return logits.map((x) => Math.exp(x) / total);
  },
  binaryCrossEntropy: (logits) => logits.map((x) => 1 / (1 + Math.exp(-x))),
  meanSquaredError: (logits) => logits,
};

let runtime: Runtime;
beforeAll(async () => {
  runtime = await cpuRuntime();
});

function compile(
  training: Readonly<Record<string, Json>>,
  dense: Readonly<Record<string, Json>> = {},
): Program {
  const sketch = new Sketch();
  for (const [setting, value] of Object.entries({ optimizer: 'momentum', ...training })) {
    sketch.run({ kind: 'setTraining', setting, value });
  }
  const image = sketch.add('Input', { shape: [1, CLASSES, 1] });
  const logits = sketch.add('Dense', { units: CLASSES, ...dense }, sketch.add('Flatten', {}, image));
  sketch.add('Output', {}, logits);
  return expectOk(compileDocument(sketch.document));
}

async function open(program: Program, kernel: readonly number[] = KERNEL): Promise<ProgramSession> {
  const session = await ProgramSession.open(
    runtime,
    program,
    Uint8Array.from(BYTES.flat()),
    Int32Array.from(LABELS),
  );
  const values: Readonly<Record<string, readonly number[]>> = {
    'dense_1/kernel': kernel,
    'dense_1/bias': new Array<number>(CLASSES).fill(-128),
  };
  for (const { name, dims, assign } of program.variables) {
    const given = values[name];
    if (given) await session.assign(assign, { type: 'float32', dims, values: Float32Array.from(given) });
  }
  return session;
}

const all = [...LABELS.keys()];

async function evaluate(session: ProgramSession): Promise<readonly number[]> {
  const [figures] = await session.call(session.program.functions.evaluate, { indices: int32(all) });
  return Array.from(figures ?? []);
}

describe.each(lossNames)('%s', (loss) => {
  const smoothings = loss === 'meanSquaredError' ? [0] : [0, 0.2];

  it.each(smoothings)('has the values of its formula with smoothing %s', async (labelSmoothing) => {
    const session = await open(compile({ loss, labelSmoothing }));
    const expected = LOGITS.map((logits, i) => formulas[loss](logits, LABELS[i] ?? 0, labelSmoothing));
    const [trained] = await session.step(all, 0, 0);
    expect(trained).toBeCloseTo(mean(expected), 4);
    const [tested] = await evaluate(session);
    expect(tested).toBeCloseTo(mean(expected) * LABELS.length, 3);
  });

  it.each(smoothings)('has the gradient of its formula with smoothing %s', async (labelSmoothing) => {
    const session = await open(compile({ loss, labelSmoothing }));
    await session.step(all, 0, 0);
    const gradient = (await session.weights()).get('dense_1/bias/momentum');
    const total = (shift: number, at: number) =>
      mean(
        LOGITS.map((logits, i) => {
          const moved = logits.map((x, j) => (j === at ? x + shift : x));
          return formulas[loss](moved, LABELS[i] ?? 0, labelSmoothing);
        }),
      );
    oneHot(0).forEach((_, at) => {
      const numeric = (total(1e-5, at) - total(-1e-5, at)) / 2e-5;
      expect(gradient?.[at], `bias ${at}`).toBeCloseTo(numeric, 4);
    });
  });

  it('predicts what its outputs mean', async () => {
    const program = compile({ loss });
    const { functions } = program;
    const session = await open(program);
    const images = uint8(Uint8Array.from(BYTES.flat()), [LABELS.length, 1, CLASSES, 1]);
    const [fed] = await session.call(functions.predict, { images });
    const [kept] = await session.call(functions.predictTest, { indices: int32(all) });
    expect(kept).toEqual(fed);
    LOGITS.flatMap((logits) => answers[loss](logits)).forEach((value, i) =>
      expect(fed?.[i]).toBeCloseTo(value, 4),
    );
  });

  it('counts class weights in training, and divides by the number of images', async () => {
    const classWeights = [0.5, 1, 2, 4, 1, 0];
    const session = await open(compile({ loss, classWeights }));
    const losses = LOGITS.map((logits, i) => formulas[loss](logits, LABELS[i] ?? 0, 0));
    const weighted = losses.map((value, i) => value * (classWeights[LABELS[i] ?? 0] ?? NaN));
    const [trained] = await session.step(all, 0, 0);
    expect((trained ?? NaN) / mean(weighted)).toBeCloseTo(1, 5);
    const [tested] = await evaluate(session);
    expect(tested).toBeCloseTo(mean(losses) * LABELS.length, 3);
  });
});

describe('penalties', () => {
  const kernel = KERNEL.map((value, i) => (value === 0 ? ((i % 5) - 2) / 16 : value / 128));
  const plain = { loss: 'meanSquaredError' };

  it('join the training loss and its gradient, and not that of testing', async () => {
    const [l1, l2] = [0.125, 0.0625];
    const penalized = await open(
      compile(plain, { kernelRegularizerL1: l1, kernelRegularizerL2: l2 }),
      kernel,
    );
    const free = await open(compile(plain), kernel);
    const penalty = kernel.reduce((sum, w) => sum + l1 * Math.abs(w) + l2 * w * w, 0);
    const [[loss], [alone]] = [await penalized.step(all, 0, 0), await free.step(all, 0, 0)];
    expect((loss - alone) / penalty).toBeCloseTo(1, 2);
    const gradient = (await penalized.weights()).get('dense_1/kernel/momentum');
    const bare = (await free.weights()).get('dense_1/kernel/momentum');
    kernel.forEach((w, i) => {
      const expected = (bare?.[i] ?? NaN) + l1 * Math.sign(w) + 2 * l2 * w;
      expect(gradient?.[i], `kernel ${i}`).toBeCloseTo(expected, 4);
    });
    const bias = (session: ProgramSession) =>
      session.weights().then((weights) => weights.get('dense_1/bias/momentum'));
    expect(await bias(penalized)).toEqual(await bias(free));
    expect(await evaluate(penalized)).toEqual(await evaluate(free));
  });

  it('leave frozen kernels out', async () => {
    const losses = [0, 0.5].map(async (kernelRegularizerL1) => {
      const sketch = new Sketch();
      const image = sketch.add('Flatten', {}, sketch.add('Input', { shape: [1, CLASSES, 1] }));
      const frozen = sketch.add('Dense', { units: CLASSES, kernelRegularizerL1, isTrainable: false }, image);
      sketch.add('Output', {}, sketch.add('Dense', { units: CLASSES }, frozen));
      const session = await open(expectOk(compileDocument(sketch.document)));
      return session.step(all, 0, 0);
    });
    const [free, penalized] = await Promise.all(losses);
    expect(penalized).toEqual(free);
  });
});

describe('top-k accuracy', () => {
  const rankOf = (logits: readonly number[], label: number) =>
    logits.filter((value) => value > (logits[label] ?? NaN)).length;

  it.each([1, 2, 3, 5])('counts labels among the %s largest values', async (k) => {
    const program = compile({ k });
    expect(program.topK).toBe(k);
    const session = await open(program);
    const expected = LOGITS.filter((logits, i) => rankOf(logits, LABELS[i] ?? 0) < k).length;
    const [, right, inTopK] = await evaluate(session);
    expect(inTopK).toBe(expected);
    expect(right).toBeLessThanOrEqual(inTopK ?? 0);
    const [statistics] = await session.call(program.functions.train, {
      indices: int32(all),
      step: int32Scalar(0),
      seed: int32Scalar(1),
      learningRate: float32Scalar(0),
    });
    expect(statistics?.[2]).toBe(expected);
  });

  it.each([6, 7])('is left out where k is %s of 6 classes', async (k) => {
    const program = compile({ k });
    expect(program.topK).toBeUndefined();
    const session = await open(program);
    expect(await evaluate(session)).toHaveLength(2);
  });
});
