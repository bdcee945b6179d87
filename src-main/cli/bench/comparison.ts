/** From the figures of processes to rows: what each framework reaches, and how ours compares. */
import type { BenchNetwork, Framework, PeerFramework, BenchPrecision } from './networks';
import type { Comparison, Result } from './report';
import {
  bestOf,
  type Figures,
  type Measure,
  measureNames,
  measures,
  median,
  ratioOf,
  type Task,
} from './measures';
import type { ContestantFigures } from './rounds';

/** A peer that built another network is not compared. */
export interface Mismatch {
  readonly framework: Framework;
  readonly variant: string;
  readonly params: number;
}

export interface Measured {
  readonly results: readonly Result[];
  readonly comparisons: readonly Comparison[];
  readonly mismatches: readonly Mismatch[];
}

interface Case {
  readonly network: BenchNetwork;
  readonly precision: BenchPrecision;
  readonly task: Task;
  /** Trained parameters of our network. */
  readonly params: number;
  /** Images of the epoch. */
  readonly images: number;
}

/** Rows of one network in one precision. */
export function compare(what: Case, contestants: readonly ContestantFigures[]): Measured {
  const mismatches = contestants.flatMap((each) => mismatchOf(each, what.params));
  const same = contestants.filter((each) => mismatchOf(each, what.params).length === 0);
  const names = measureNames.filter((name) => measures[name].task === what.task);
  const frameworks = [...new Set(same.map(({ framework }) => framework))];
  const results = names.flatMap((measure) =>
    frameworks.flatMap((framework) => {
      const ways = same.filter((each) => each.framework === framework);
      return resultOf(what, measure, framework, ways) ?? [];
    }),
  );
  return { results, comparisons: comparisonsOf(what, results), mismatches };
}

function mismatchOf({ framework, variant, figures }: ContestantFigures, expected: number): Mismatch[] {
  const other = figures.find(({ params }) => params !== expected);
  return other === undefined ? [] : [{ framework, variant, params: other.params }];
}

function resultOf(
  { network, precision, params, task, images }: Case,
  measure: Measure,
  framework: Framework,
  ways: readonly ContestantFigures[],
): Result | undefined {
  const processes = ways
    .map(({ variant, figures }) => ({ variant, values: valuesOf(figures, measure) }))
    .filter(({ values }) => values.length > 0);
  if (processes.length === 0) return undefined;
  const summary = (values: readonly number[]) =>
    framework === 'layerloom' ? median(values) : bestOf(measure, values);
  const value = bestOf(
    measure,
    processes.map(({ values }) => summary(values)),
  );
  const variant = processes.find(({ values }) => summary(values) === value)?.variant ?? '';
  return {
    ...{ network: network.id, framework, precision, batch: network.batch, measure },
    ...{ unit: measures[measure].unit, value, variant, processes, params },
    ...(task === 'epoch' ? { images } : {}),
    ...(measures[measure].unit === 'images per second' ? { samplesPerSecond: value } : {}),
    ...(measure === 'step' ? { msPerStep: (network.batch * 1000) / value } : {}),
  };
}

function valuesOf(figures: readonly Figures[], measure: Measure): number[] {
  return figures.flatMap(({ values }) => values[measure] ?? []);
}

function comparisonsOf({ network, precision }: Case, results: readonly Result[]): Comparison[] {
  return results.flatMap(({ framework, measure, unit, value, variant }) => {
    const ours = results.find((each) => each.measure === measure && each.framework === 'layerloom');
    if (framework === 'layerloom' || ours === undefined) return [];
    const ratio = ratioOf(measure, ours.value, value);
    const target = targetOf(network, precision, measure, framework);
    return [
      {
        ...{ network: network.id, precision, measure, unit, peer: framework, variant },
        ...{
          ours: ours.value,
          theirs: value,
          ratio,
          target,
          isMet: target === null ? null : ratio >= target,
        },
      },
    ];
  });
}

/** Epochs are to reach what steps reach; a run is to take no more memory than Keras. */
function targetOf(
  { targets }: BenchNetwork,
  precision: BenchPrecision,
  measure: Measure,
  peer: PeerFramework,
): number | null {
  const isTraining = measure === 'step' || measure === 'epoch' || measure === 'plainEpoch';
  if (isTraining) return targets[precision][peer] ?? null;
  const isMemory = measures[measure].unit === 'bytes';
  return isMemory && peer === 'keras' ? 1 : null;
}
