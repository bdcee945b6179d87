/** What a check of a target is: the exported bytes, read back by something else than what wrote them. */
import type { ExportInput } from '@shared/export/model';
import type { CheckReport } from '@shared/ipc/export-messages';
import type { ParamSchema, ParamsOf } from '@shared/params/field';
import type { Problem } from '@shared/problems/problem';
import type { Result } from '@shared/util/result';
import type { Runtime } from '../runtime/runtime';

/** Real test images, with what our own session says of them. */
export interface CheckSamples {
  readonly count: number;
  /** `[count, height, width, channels]`, preprocessed: what the exported model takes. */
  readonly inputs: Float32Array;
  /** `[count, classes]`. */
  readonly predictions: Float32Array;
}

export interface CheckContext {
  readonly input: ExportInput;
  readonly options: ParamsOf<ParamSchema>;
  /** Absolute path of the exported file, or of the folder: where it lies until it is put in its place. */
  readonly path: string;
  /** Loads data and session when it is first called. */
  samples(): Promise<Result<CheckSamples, Problem>>;
  /** Our TensorFlow, for what it can read itself. */
  runtime(): Promise<Result<Runtime, Problem>>;
  isCancelled(): boolean;
}

/** A report with a difference beyond its tolerance fails the export; so does a problem. */
export type Checker = (context: CheckContext) => Promise<Result<CheckReport, Problem>>;

/** Largest absolute difference; values that are not finite must be the same, and lengths too, or it is infinite. */
export function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let index = 0; index < a.length; index++) {
    const x = a[index] ?? 0;
    const y = b[index] ?? 0;
    if (Object.is(x, y)) continue;
    const difference = Math.abs(x - y);
    // NaN on one side only, or infinities that differ.
    if (Number.isNaN(difference)) return Infinity;
    if (difference > largest) largest = difference;
  }
  return largest;
}

/** What float32 and another order of additions may change: 1e-4 of values up to 1, and in proportion beyond. */
export function predictionTolerance({ predictions }: CheckSamples): number {
  let largest = 1;
  for (const value of predictions) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  return 1e-4 * largest;
}
