/** Medians, ratios, turns, and what becomes of the figures of processes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failure, success } from '@shared/util/result';
import { required } from '@shared/util/assert';
import { compare } from '../../../src-main/cli/bench/comparison';
import { bestOf, type Figures, median, ratioOf } from '../../../src-main/cli/bench/measures';
import { benchNetworks, type Framework } from '../../../src-main/cli/bench/networks';
import {
  type Contestant,
  type ContestantFigures,
  type RoundsOutcome,
  runRounds,
} from '../../../src-main/cli/bench/rounds';

describe('medians and ratios', () => {
  test('the median is the middle value, or the mean of the two in the middle', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([7])).toBe(7);
    expect(median([])).toBeNaN();
  });

  test('as many values lie above the median as below it', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 }), (values) => {
        const middle = median(values);
        const half = values.length / 2;
        expect(values.filter((value) => value < middle).length).toBeLessThanOrEqual(half);
        expect(values.filter((value) => value > middle).length).toBeLessThanOrEqual(half);
      }),
    );
  });

  test('a ratio above 1 means that ours is better', () => {
    expect(ratioOf('step', 300, 100)).toBe(3);
    expect(ratioOf('firstStep', 1, 4)).toBe(4);
    expect(ratioOf('memory', 500, 250)).toBe(0.5);
    expect(bestOf('epoch', [10, 30, 20])).toBe(30);
    expect(bestOf('memory', [10, 30, 20])).toBe(10);
  });
});

const figures = (step: number, params = 10): Figures => ({ params, values: { step } });

/** A contestant that answers with these, one after another, and writes down that it was asked. */
function contestant(
  log: string[],
  framework: Framework,
  variant: string,
  answers: readonly (Figures | string)[],
): Contestant {
  let asked = 0;
  return {
    framework,
    variant,
    run: () => {
      log.push(framework + variant);
      const answer = required(answers[asked++], `answer ${asked} of ${framework}`);
      return Promise.resolve(typeof answer === 'string' ? failure(answer) : success(answer));
    },
  };
}

const noProgress = { onStart: () => undefined, onRound: () => Promise.resolve() };

describe('rounds', () => {
  test('contestants take turns, and each round begins with another one', async () => {
    const log: string[] = [];
    const same = [figures(1), figures(1), figures(1)];
    const all = [
      contestant(log, 'layerloom', '', same),
      contestant(log, 'keras', '', same),
      contestant(log, 'pytorch', '', same),
    ];
    await runRounds(all, { rounds: 3, ...noProgress });
    const rounds = [log.slice(0, 3), log.slice(3, 6), log.slice(6)];
    expect(rounds.map(([first]) => first)).toEqual(['layerloom', 'keras', 'pytorch']);
    for (const round of rounds) expect(new Set(round).size).toBe(3);
  });

  test('what there is can be kept after every round, and does not change later', async () => {
    const kept: RoundsOutcome[] = [];
    const all = [contestant([], 'layerloom', '', [figures(1), figures(2), figures(3)])];
    const onRound = (outcome: RoundsOutcome) => Promise.resolve(void kept.push(outcome));
    const last = await runRounds(all, { rounds: 3, ...noProgress, onRound });
    expect([...kept, last].map(({ contestants }) => contestants[0]?.figures.length)).toEqual([1, 2, 3]);
  });

  test('who fails is not asked again; the others go on', async () => {
    const log: string[] = [];
    const all = [
      contestant(log, 'layerloom', '', [figures(1), figures(2)]),
      contestant(log, 'keras', '', ['no memory']),
    ];
    const outcome = await runRounds(all, { rounds: 2, ...noProgress });
    expect(outcome.failures).toEqual([{ framework: 'keras', variant: '', reason: 'no memory' }]);
    expect(outcome.contestants.map((each) => each.figures.length)).toEqual([2, 0]);
    expect(log).toEqual(['layerloom', 'keras', 'layerloom']);
  });

  test('a hopeless variant runs once, a close one and the only one go on', async () => {
    const log: string[] = [];
    const all = [
      contestant(log, 'layerloom', '', [figures(1), figures(1)]),
      contestant(log, 'pytorch', ' a', [figures(100), figures(100)]),
      contestant(log, 'pytorch', ' b', [figures(80), figures(80)]),
      contestant(log, 'pytorch', ' c', [figures(50)]),
    ];
    const pruning = { measure: 'step', factor: 1.3 } as const;
    const outcome = await runRounds(all, { rounds: 2, pruning, ...noProgress });
    expect(outcome.contestants.map((each) => each.figures.length)).toEqual([2, 2, 2, 1]);
  });
});

const network = (id: string) =>
  required(
    benchNetworks.find((each) => each.id === id),
    id,
  );
const ways = (framework: Framework, variant: string, all: readonly Figures[]): ContestantFigures => ({
  framework,
  variant,
  figures: all,
});

describe('comparisons', () => {
  const lenet = {
    network: network('lenet'),
    precision: 'fp32',
    task: 'step',
    params: 10,
    images: 0,
  } as const;

  test('ours counts with its median, a peer with the best process of its best variant', () => {
    const { results, comparisons } = compare(lenet, [
      ways('layerloom', '', [figures(300), figures(100), figures(200)]),
      ways('pytorch', 'channels first', [figures(90), figures(80)]),
      ways('pytorch', 'channels last', [figures(40), figures(160)]),
    ]);
    expect(comparisons).toEqual([
      expect.objectContaining({
        ...{ peer: 'pytorch', variant: 'channels last', ours: 200, theirs: 160 },
        ...{ ratio: 1.25, target: 1, isMet: true },
      }),
    ]);
    expect(results.find(({ framework }) => framework === 'pytorch')?.processes).toEqual([
      { variant: 'channels first', values: [90, 80] },
      { variant: 'channels last', values: [40, 160] },
    ]);
    expect(results.find(({ framework }) => framework === 'layerloom')).toMatchObject({
      samplesPerSecond: 200,
      msPerStep: 1280,
    });
  });

  test('a peer that trains another number of parameters is not compared', () => {
    const { comparisons, mismatches } = compare(lenet, [
      ways('layerloom', '', [figures(2)]),
      ways('keras', '', [figures(1, 11)]),
      ways('tfjs-layers', '', [figures(1)]),
    ]);
    expect(comparisons.map(({ peer }) => peer)).toEqual(['tfjs-layers']);
    expect(mismatches).toEqual([{ framework: 'keras', variant: '', params: 11 }]);
  });

  test('a missed target is said to be missed, and where none is set there is no verdict', () => {
    const slow = [
      ways('layerloom', '', [figures(100)]),
      ways('keras', '', [figures(100)]),
      ways('pytorch', '', [figures(900)]),
    ];
    const verdicts = (id: string) =>
      compare({ ...lenet, network: network(id) }, slow).comparisons.map(({ isMet }) => isMet);
    expect(verdicts('lenet')).toEqual([false, false]);
    expect(verdicts('lenet-bn')).toEqual([false, null]);
  });

  test('memory is to be no higher than that of Keras; epochs have the targets of steps', () => {
    const own: Figures = { params: 10, values: { epoch: 110, epochMemory: 90 } };
    const other: Figures = { params: 10, values: { epoch: 100, epochMemory: 100 } };
    const { comparisons } = compare({ ...lenet, task: 'epoch', images: 512 }, [
      ways('layerloom', '', [own]),
      ways('keras', 'arrays', [other]),
      ways('pytorch', '', [other]),
    ]);
    expect(comparisons.map(({ measure, peer, target, isMet }) => [measure, peer, target, isMet])).toEqual([
      ['epoch', 'keras', 1.15, false],
      ['epoch', 'pytorch', 1, true],
      ['epochMemory', 'keras', 1, true],
      ['epochMemory', 'pytorch', null, null],
    ]);
  });

  test('tfjs-layers, which does not augment, is compared with epochs without augmentation', () => {
    const { comparisons } = compare({ ...lenet, task: 'epoch', images: 512 }, [
      ways('layerloom', '', [{ params: 10, values: { epoch: 200, epochMemory: 90 } }]),
      ways('layerloom', 'not augmented', [{ params: 10, values: { plainEpoch: 300 } }]),
      ways('tfjs-layers', '', [{ params: 10, values: { plainEpoch: 100, epochMemory: 180 } }]),
      ways('keras', 'arrays', [{ params: 10, values: { epoch: 100, epochMemory: 180 } }]),
    ]);
    expect(comparisons.map(({ measure, peer, ratio, target }) => [measure, peer, ratio, target])).toEqual([
      ['epoch', 'keras', 2, 1.15],
      ['plainEpoch', 'tfjs-layers', 3, 2.8],
      ['epochMemory', 'tfjs-layers', 2, null],
      ['epochMemory', 'keras', 2, 1],
    ]);
  });

  test('without figures of ours nothing is compared', () => {
    expect(compare(lenet, [ways('keras', '', [figures(1)])]).comparisons).toEqual([]);
  });
});
