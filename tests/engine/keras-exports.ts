/** Networks with random weights, exported to Keras, with images and what our own session says of them. */
import { compileDocument } from '@shared/compile/compile';
import type { GraphDocument } from '@shared/document/types';
import type { ExportInput } from '@shared/export/model';
import { probeCapabilities } from '../../src-main/engine/runtime/probe';
import { float32, type Runtime, uint8 } from '../../src-main/engine/runtime/runtime';
import { randomInput } from '../shared/export/random-weights';
import { expectOk, numbers, ProgramSession, size } from './graph-session';

const IMAGES = 3;

export interface Reference {
  readonly input: ExportInput;
  /** float32 `[n, height, width, channels]` from 0 to 1, and the bytes that they were. */
  readonly images: {
    readonly dims: readonly number[];
    readonly values: Float32Array;
    readonly pixels: Uint8Array;
  };
  readonly predictions: Float32Array;
}

/** The document with random weights, and what our session says of random images. */
export async function referenceOf(document: GraphDocument, runtime: Runtime): Promise<Reference> {
  const input = randomInput(document);
  const shape = input.model.input.outputShape;
  const random = numbers(17);
  const pixels = Uint8Array.from({ length: IMAGES * size(shape) }, () => Math.floor(256 * random()));
  const predictions = await predictionsOf(input, pixels, runtime);
  const values = Float32Array.from(pixels, (pixel) => pixel * Math.fround(1 / 255));
  return { input, images: { dims: [IMAGES, ...shape], values, pixels }, predictions };
}

/** What our session says of images as bytes. */
export async function predictionsOf(
  { document, weights }: ExportInput,
  pixels: Uint8Array,
  runtime: Runtime,
): Promise<Float32Array> {
  const program = expectOk(compileDocument(document, await probeCapabilities(runtime)));
  const session = await ProgramSession.open(runtime, program, pixels, new Int32Array(IMAGES));
  for (const { name, dims, assign } of program.variables) {
    const given = weights.get(name);
    if (given !== undefined) await session.assign(assign, float32(given.values, [...dims]));
  }
  const dims = [IMAGES, ...program.input];
  const [predictions] = await session.call(program.functions.predict, { images: uint8(pixels, dims) });
  session.session.dispose();
  return Float32Array.from(predictions ?? []);
}

/** Losses of that many steps of our own training program on the same images, from the weights of the export. */
export async function lossesOf(
  { input: { document, weights, model }, images }: Reference,
  labels: readonly number[],
  steps: number,
  runtime: Runtime,
): Promise<readonly number[]> {
  const program = expectOk(compileDocument(document, await probeCapabilities(runtime)));
  const { learningRate, seed } = model.settings;
  const session = await ProgramSession.open(runtime, program, images.pixels, Int32Array.from(labels));
  for (const { name, dims, assign } of program.variables) {
    const given = weights.get(name);
    if (given !== undefined) await session.assign(assign, float32(given.values, [...dims]));
  }
  const losses: number[] = [];
  const indices = labels.map((_, index) => index);
  for (let step = 0; step < steps; step++)
    losses.push((await session.step(indices, step, learningRate, seed))[0]);
  session.session.dispose();
  return losses;
}
