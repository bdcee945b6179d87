/** Runs contestants in turns, so that a slow moment of the machine meets all of them. */
import type { Result } from '@shared/util/result';
import type { Framework } from './networks';
import { bestOf, type Figures, type Measure } from './measures';

/** One way to train the network: a framework in one of its layouts or input pipelines. */
export interface Contestant {
  readonly framework: Framework;
  /** How a person would tell it from the framework's other ways; empty where there is one. */
  readonly variant: string;
  /** Starts a process and waits for its figures, or for the reason why there are none. */
  readonly run: () => Promise<Result<Figures, string>>;
}

export interface ContestantFigures {
  readonly framework: Framework;
  readonly variant: string;
  /** One for each process, in order. */
  readonly figures: readonly Figures[];
}

export interface Failure {
  readonly framework: Framework;
  readonly variant: string;
  readonly reason: string;
}

export interface RoundsOutcome {
  readonly contestants: readonly ContestantFigures[];
  readonly failures: readonly Failure[];
}

export interface RoundsOptions {
  readonly rounds: number;
  readonly onStart: (contestant: Contestant, round: number) => void;
  /** What there is after each round but the last. */
  readonly onRound: (outcome: RoundsOutcome) => Promise<void>;
  /** After the first round, variants that were this much slower than their framework's fastest are left out. */
  readonly pruning?: { readonly measure: Measure; readonly factor: number };
}

/** Each round runs every contestant once and begins with another one; who fails is not asked again. */
export async function runRounds(
  all: readonly Contestant[],
  { rounds, onStart, onRound, pruning }: RoundsOptions,
): Promise<RoundsOutcome> {
  const figures = new Map(all.map((contestant): [Contestant, Figures[]] => [contestant, []]));
  const failures: Failure[] = [];
  let running = all;
  for (let round = 0; round < rounds && running.length > 0; round++) {
    for (const contestant of rotated(running, round)) {
      onStart(contestant, round);
      const result = await contestant.run();
      if (result.ok) {
        figures.get(contestant)?.push(result.value);
        continue;
      }
      const { framework, variant } = contestant;
      failures.push({ framework, variant, reason: result.error });
      running = running.filter((other) => other !== contestant);
    }
    if (round === 0 && pruning) running = worthRunning(running, figures, pruning);
    if (round + 1 < rounds) await onRound(outcomeOf(figures, failures));
  }
  return outcomeOf(figures, failures);
}

function outcomeOf(
  figures: ReadonlyMap<Contestant, readonly Figures[]>,
  failures: readonly Failure[],
): RoundsOutcome {
  const contestants = [...figures].map(([{ framework, variant }, own]) => ({
    framework,
    variant,
    figures: [...own],
  }));
  return { contestants, failures: [...failures] };
}

function rotated<T>(list: readonly T[], by: number): readonly T[] {
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}

function worthRunning(
  running: readonly Contestant[],
  figures: ReadonlyMap<Contestant, readonly Figures[]>,
  { measure, factor }: { readonly measure: Measure; readonly factor: number },
): readonly Contestant[] {
  const valueOf = (contestant: Contestant) => figures.get(contestant)?.[0]?.values[measure];
  return running.filter((contestant) => {
    const siblings = running.filter(({ framework }) => framework === contestant.framework);
    const values = siblings.flatMap((sibling) => valueOf(sibling) ?? []);
    const own = valueOf(contestant);
    if (own === undefined || values.length < 2) return true;
    const best = bestOf(measure, values);
    return Math.max(own / best, best / own) <= factor;
  });
}
