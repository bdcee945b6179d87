/** Curves of a run as columns over steps, thinned where there are more steps than a chart has pixels. */
import type { Curve, SmoothedCurve } from './curve';
import type { ChartData } from './chart';

/** Many more than a chart is wide; a longer run shows every second, third, ... step. */
const maximumPoints = 4000;

interface CurveSource {
  readonly raw: Curve;
  readonly smooth: SmoothedCurve;
  /** Test values, one after each epoch. */
  readonly test: readonly number[];
  readonly stepsPerEpoch: number;
  /** Learning rate of a step, counted from 0; absent where it never changes. */
  readonly rateAt?: ((step: number) => number) | undefined;
}

/** Every epoch's test value stands at the last step of its epoch. */
export function chartData({ raw, smooth, test, stepsPerEpoch, rateAt }: CurveSource): ChartData {
  const count = raw.length;
  const stride = Math.max(1, Math.ceil(count / maximumPoints));
  const indices: number[] = [];
  for (let step = 0; step < count; step += stride) indices.push(step);
  const ends = new Map(test.map((value, epoch) => [(epoch + 1) * stepsPerEpoch - 1, value]));
  const extra = [...ends.keys()].filter((step) => step < count && step % stride !== 0);
  const steps = [...indices, ...extra].sort((a, b) => a - b);
  const [rawValues, smoothValues] = [raw.values, smooth.curve.values];
  return {
    steps: steps.map((step) => step + 1),
    raw: steps.map((step) => rawValues[step] ?? Number.NaN),
    smooth: steps.map((step) => smoothValues[step] ?? Number.NaN),
    test: steps.map((step) => ends.get(step) ?? null),
    rates: rateAt === undefined ? [] : steps.map(rateAt),
  };
}
