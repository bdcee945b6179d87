/** Samples per second and time left, smoothed so that they can be read. */

/** After this many seconds, old measurements count for little more than a third. */
const TIME_CONSTANT_SECONDS = 2;

/** A forward pass is about a third of a training step: the guess before the first evaluation was timed. */
const EVALUATION_SHARE = 1 / 3;

export class Throughput {
  #samplesPerSecond = 0;
  #evaluationSeconds: number | undefined;

  /** A step of `samples` images took that long. */
  addStep(samples: number, seconds: number): void {
    if (seconds <= 0) return;
    const rate = samples / seconds;
    const weight = 1 - Math.exp(-seconds / TIME_CONSTANT_SECONDS);
    // The first step also sets up kernels and is slow: the second replaces it.
    const isSettled = this.#steps++ > 1;
    this.#samplesPerSecond = isSettled
      ? this.#samplesPerSecond + weight * (rate - this.#samplesPerSecond)
      : rate;
  }

  #steps = 0;

  addEvaluation(seconds: number): void {
    this.#evaluationSeconds = seconds;
  }

  get samplesPerSecond(): number {
    return this.#samplesPerSecond;
  }

  /** 0 before the first step. */
  secondsLeft(trainSamples: number, evaluations: number, testSamples: number): number {
    if (this.#samplesPerSecond === 0) return 0;
    const guess = (testSamples * EVALUATION_SHARE) / this.#samplesPerSecond;
    return trainSamples / this.#samplesPerSecond + evaluations * (this.#evaluationSeconds ?? guess);
  }
}
