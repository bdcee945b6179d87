/** Marks of an axis: round numbers, about as many as there is room for. */

export interface Axis {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
}

/** From `min` to `max` or a little beyond, in steps of 1, 2 or 5 times a power of ten, at most `count` of them. */
export function axis(min: number, max: number, count: number): Axis {
  const span = max > min ? max - min : 1;
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough * 0.999) ?? rough;
  const first = Math.floor(min / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(max / step - 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
  return { min: first * step, max: last * step, ticks };
}

/** As short as the step allows: `0.25`, `1500`. */
export function tickText(value: number): string {
  return String(Number(value.toPrecision(6)));
}
