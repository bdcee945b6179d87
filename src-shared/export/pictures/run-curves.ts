/** Curves of a run as series of points: loss and accuracy of every step, smoothed, and over the test images. */
import type { ExportOrigin } from '../model';

export type Point = readonly [step: number, value: number];

export interface Curves {
  /** As measured, thinned where there are more than can be seen. */
  readonly raw: readonly Point[];
  readonly smooth: readonly Point[];
  /** After each epoch. */
  readonly test: readonly Point[];
}

/** Steps that are averaged: as in the window. */
const WINDOW = 40;
const MAX_POINTS = 2000;

type RunOrigin = Extract<ExportOrigin, { kind: 'run' }>;

/** Steps are counted from 1; values that are no numbers are left out. */
export function runCurves(origin: RunOrigin, of: 'loss' | 'accuracy'): Curves {
  const steps = (origin.stepHistory ?? []).map((record): Point => [record.step + 1, record[of]]);
  const finite = steps.filter(([, value]) => Number.isFinite(value));
  const test = of === 'loss' ? 'valLoss' : 'valAccuracy';
  const ends = lastSteps(origin);
  return {
    raw: thinned(finite),
    smooth: thinned(smoothed(finite)),
    test: origin.history
      .map((record): Point => [ends.get(record.epoch) ?? record.epoch, record[test]])
      .filter(([, value]) => Number.isFinite(value)),
  };
}

/** The last step of each epoch, counted from 1. */
function lastSteps({ stepHistory = [] }: RunOrigin): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  for (const { step, epoch } of stepHistory) ends.set(epoch, Math.max(ends.get(epoch) ?? 0, step + 1));
  return ends;
}

/** Exponential moving average that starts at the first value. */
function smoothed(points: readonly Point[]): readonly Point[] {
  let average: number | undefined;
  return points.map(([step, value]): Point => {
    average = average === undefined ? value : average + (2 / (WINDOW + 1)) * (value - average);
    return [step, average];
  });
}

function thinned(points: readonly Point[]): readonly Point[] {
  const stride = Math.max(1, Math.ceil(points.length / MAX_POINTS));
  return points.filter((_, index) => index % stride === 0 || index === points.length - 1);
}
