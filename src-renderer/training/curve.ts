/** Values over training steps in growing typed arrays: appended by the message, drawn by the frame. */

export class Curve {
  #values = new Float64Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** A view of what is there so far; valid until the next append. */
  get values(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }

  get last(): number | undefined {
    return this.#length === 0 ? undefined : this.#values[this.#length - 1];
  }

  /** Takes steps `first`, `first + 1`, ...: those already known are skipped, and a gap is a mistake of ours. */
  append(first: number, values: ArrayLike<number>): void {
    if (first > this.#length) throw new Error(`steps ${this.#length} to ${first - 1} are missing`);
    const known = this.#length - first;
    this.#grow(first + values.length);
    for (let i = known; i < values.length; i++) this.#values[this.#length++] = values[i] ?? Number.NaN;
  }

  #grow(needed: number): void {
    if (needed <= this.#values.length) return;
    const larger = new Float64Array(Math.max(needed, this.#values.length * 2));
    larger.set(this.#values);
    this.#values = larger;
  }
}

/** Exponential moving average that starts at the first value, so that a noisy curve can be read. */
export class SmoothedCurve {
  readonly #weight: number;
  readonly curve = new Curve();

  /** `window`: about how many steps are averaged. */
  constructor(window: number) {
    this.#weight = 2 / (window + 1);
  }

  /** As Curve.append. */
  append(first: number, values: ArrayLike<number>): void {
    const smoothed: number[] = [];
    let average = this.curve.last;
    const known = this.curve.length - first;
    for (let i = Math.max(0, known); i < values.length; i++) {
      const value = values[i] ?? Number.NaN;
      average = average === undefined ? value : average + this.#weight * (value - average);
      smoothed.push(average);
    }
    this.curve.append(Math.max(first, this.curve.length), smoothed);
  }
}
