/** Learning rates against the closed formulas of Keras's schedules, written out here as its documentation has them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isConstantRate, learningRateAt, type ScheduleSettings } from '@shared/training/learning-rate';
import { parseTraining } from '@shared/training/settings';

function settingsOf(training: Partial<ScheduleSettings>): ScheduleSettings {
  const { settings, problems } = parseTraining({ learningRate: 0.4, ...training });
  expect(problems).toEqual([]);
  return settings;
}

const length = { stepsPerEpoch: 10, totalSteps: 100 };
const rates = (training: Partial<ScheduleSettings>, steps: readonly number[]) =>
  steps.map((step) => learningRateAt(settingsOf(training), length, step));

describe('the learning rate', () => {
  it('stays what it is by default', () => {
    expect(rates({}, [0, 1, 50, 99])).toEqual([0.4, 0.4, 0.4, 0.4]);
  });

  it('falls by the factor after every interval', () => {
    const training = { schedule: 'step', decayEpochs: 3, decayFactor: 0.5 } as const;
    expect(rates(training, [0, 29, 30, 59, 60, 90, 99])).toEqual([0.4, 0.4, 0.2, 0.2, 0.1, 0.05, 0.05]);
  });

  it('falls along half a cosine from the whole rate to its final share', () => {
    const training = { schedule: 'cosine', finalShare: 0.1 } as const;
    const [first = 0, middle = 0, last = 0] = rates(training, [0, 50, 100]);
    expect(first).toBeCloseTo(0.4, 12);
    expect(middle).toBeCloseTo(0.4 * 0.55, 12);
    expect(last).toBeCloseTo(0.04, 12);
    // A quarter of the way: (1 + cos 45°) / 2 of what is between.
    expect(rates(training, [25])[0]).toBeCloseTo(0.04 + 0.36 * ((1 + Math.SQRT1_2) / 2), 12);
  });

  it('rises evenly from zero in the warm-up, and only then is the schedule counted', () => {
    expect(rates({ warmupEpochs: 2 }, [0, 5, 10, 19, 20, 99])).toEqual(
      [0, 0.1, 0.2, 0.38, 0.4, 0.4].map((rate) => expect.closeTo(rate, 12) as number),
    );
    const stepped = { schedule: 'step', decayEpochs: 3, decayFactor: 0.5, warmupEpochs: 2 } as const;
    expect(rates(stepped, [20, 49, 50])).toEqual([0.4, 0.4, 0.2]);
    // 80 steps are left after the warm-up; half of them is step 60.
    const cosine = rates({ schedule: 'cosine', warmupEpochs: 2 }, [20, 60]);
    expect(cosine).toEqual([expect.closeTo(0.4, 12), expect.closeTo(0.2, 12)]);
  });

  it('says whether it ever changes', () => {
    expect(isConstantRate(settingsOf({}))).toBe(true);
    expect(isConstantRate(settingsOf({ warmupEpochs: 0.5 }))).toBe(false);
    expect(isConstantRate(settingsOf({ schedule: 'cosine' }))).toBe(false);
  });

  it('equals Keras’s CosineDecay and staircase ExponentialDecay for any settings, and never leaves [0, rate]', () => {
    const run = fc.record({
      stepsPerEpoch: fc.integer({ min: 1, max: 500 }),
      epochs: fc.integer({ min: 1, max: 50 }),
      warmupEpochs: fc.integer({ min: 0, max: 60 }),
      decayEpochs: fc.integer({ min: 1, max: 60 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(run, ({ stepsPerEpoch, epochs, warmupEpochs, decayEpochs, share, at }) => {
        const totalSteps = stepsPerEpoch * epochs;
        const step = Math.min(totalSteps - 1, Math.floor(at * totalSteps));
        const warmup = warmupEpochs * stepsPerEpoch;
        const rateOf = (training: Partial<ScheduleSettings>) =>
          learningRateAt(settingsOf({ warmupEpochs, ...training }), { stepsPerEpoch, totalSteps }, step);
        const cosine = rateOf({ schedule: 'cosine', finalShare: share });
        const stepped = rateOf({ schedule: 'step', decayEpochs, decayFactor: share });
        for (const rate of [cosine, stepped]) {
          expect(rate).toBeGreaterThanOrEqual(0);
          expect(rate).toBeLessThanOrEqual(0.4 + 1e-12);
        }
        if (step < warmup) {
          // warmup_delta = warmup_target - initial; initial + delta * step / warmup_steps
          expect(cosine).toBeCloseTo((0.4 * step) / warmup, 12);
          expect(stepped).toBe(cosine);
          return;
        }
        const decaySteps = totalSteps - warmup;
        const cosineDecay = 0.5 * (1 + Math.cos((Math.PI * (step - warmup)) / decaySteps));
        expect(cosine).toBeCloseTo(0.4 * ((1 - share) * cosineDecay + share), 12);
        const exponent = Math.floor((step - warmup) / (decayEpochs * stepsPerEpoch));
        expect(stepped).toBeCloseTo(0.4 * share ** exponent, 12);
      }),
    );
  });

  it('refuses settings out of range', () => {
    const { problems } = parseTraining({
      schedule: 'linear',
      decayFactor: 2,
      warmupEpochs: -1,
      decayEpochs: 0,
    });
    expect(problems.map(({ param }) => param)).toEqual([
      'schedule',
      'decayEpochs',
      'decayFactor',
      'warmupEpochs',
    ]);
  });
});
