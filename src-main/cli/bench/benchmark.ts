/** Carries out a request: network by network, with the report so far after each. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reply } from '@shared/ipc/contract';
import type { EngineContract } from '@shared/ipc/engine.contract';
import { analyse } from '@shared/compile/analyse';
import { absenceTexts, benchTexts } from '@shared/texts/bench';
import type { Context } from '../context';
import { withEngine } from '../engine-link';
import { formatCount } from '../table';
import { type Availability, findAvailable } from './availability';
import { compare } from './comparison';
import { contestantsOf, type Plan } from './contestants';
import { stepDocument } from './documents';
import type { StepCounts } from './engine-process';
import type { Task } from './measures';
import type { BenchNetwork, BenchPrecision } from './networks';
import { machineOf, type Missing, type Report } from './report';
import type { BenchRequest } from './request';
import { type Failure, type RoundsOutcome, runRounds } from './rounds';

/** Steps or epochs before those that count. */
const WARMUP_STEPS = 3;
const COUNTED_EPOCHS = 2;
const QUICK = { steps: 2, inferences: 1, epochs: 1, images: 64 } as const;
/** Input pipelines of a framework that are that much slower than its best one are tried once. */
const HOPELESS = 1.3;

export interface ReportListener {
  /** The rows of a network, as they are after one of its rounds. */
  onRound(report: Report): Promise<void>;
  /** What cannot be measured at all, then the rows of each network. */
  onReport(report: Report): Promise<void>;
}

/** Measures everything that can be measured. */
export async function runBenchmarks(
  context: Context,
  request: BenchRequest,
  listener: ReportListener,
): Promise<void> {
  const programs = context.options.peerPrograms;
  const own = await describeEngine(context);
  const available = await findAvailable(context, request, programs, own.precisions);
  const machine = machineOf(own.device, {
    layerloom: context.options.version,
    node: process.version,
    tfjs: own.tfjsVersion,
    libtensorflow: own.tensorflowVersion,
    ...available.versions,
  });
  const empty: Report = { machine, results: [], comparisons: [], missing: available.missing };
  await listener.onReport(empty);
  const scratch = await mkdtemp(join(tmpdir(), 'layerloom-bench-'));
  try {
    for (const network of request.networks)
      for (const precision of available.precisions)
        for (const task of available.tasks) {
          const plan = planOf(context, request, available, network, precision, { programs, scratch });
          const onRound = (rows: Rows) => listener.onRound({ ...empty, ...rows });
          const rows = await runTask(plan, task, { rounds: request.rounds, onRound });
          await listener.onReport({ ...empty, ...rows });
        }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function describeEngine(context: Context): Promise<Reply<EngineContract, 'describe'>> {
  const configuration = { runDirectory: null, device: 'auto' };
  return withEngine(context, configuration, (engine) => engine.call('describe', {}));
}

function planOf(
  context: Context,
  { isQuick, python }: BenchRequest,
  { peers, data }: Availability,
  network: BenchNetwork,
  precision: BenchPrecision,
  folders: Pick<Plan, 'programs' | 'scratch'>,
): Plan {
  const { batch, images } = network;
  return {
    ...{ context, network, precision, data, ...folders },
    params: analyse(stepDocument(network, precision)).totals.trainableParams,
    counts: countsOf(network, isQuick),
    epoch: isQuick
      ? { images: Math.max(QUICK.images, batch), epochs: QUICK.epochs }
      : { images, epochs: COUNTED_EPOCHS },
    peers: peers.filter((peer) => precision === 'fp32' || peer !== 'tfjs-layers'),
    ...(python === undefined ? {} : { python }),
  };
}

function countsOf({ steps, inferences }: BenchNetwork, isQuick: boolean): StepCounts {
  const warmup = WARMUP_STEPS;
  return isQuick
    ? { steps: QUICK.steps, inferences: QUICK.inferences, warmup: 1 }
    : { steps, inferences, warmup };
}

type Rows = Pick<Report, 'results' | 'comparisons' | 'missing'>;

async function runTask(
  plan: Plan,
  task: Task,
  { rounds, onRound }: { readonly rounds: number; readonly onRound: (rows: Rows) => Promise<void> },
): Promise<Rows> {
  const { context, network, precision } = plan;
  const place = { network: network.id, precision, task };
  const outcome = await runRounds(await contestantsOf(plan, task), {
    rounds,
    ...(task === 'epoch' ? { pruning: { measure: 'epoch', factor: HOPELESS } } : {}),
    onStart: (contestant, index) => {
      const round = { round: index + 1, rounds, contestant: nameOf(contestant) };
      context.say(context.text(benchTexts.running, { ...place, ...round }));
    },
    onRound: (soFar) => onRound(rowsOf(plan, task, soFar)),
  });
  return rowsOf(plan, task, outcome);
}

function rowsOf(plan: Plan, task: Task, { contestants, failures }: RoundsOutcome): Rows {
  const { context, network, precision, params, epoch } = plan;
  const what = { network, precision, task, params, images: epoch.images };
  const { mismatches, ...rows } = compare(what, contestants);
  const others = mismatches.map(({ params: theirs, ...who }): Failure => {
    const counts = { ours: formatCount(params), theirs: formatCount(theirs) };
    return { ...who, reason: context.text(absenceTexts.otherNetwork, counts) };
  });
  const missing = [...failures, ...others].map((failed): Missing => ({
    what: `${network.id} ${precision} ${task}, ${nameOf(failed)}`,
    reason: failed.reason,
  }));
  return { ...rows, missing };
}

function nameOf({ framework, variant }: Pick<Failure, 'framework' | 'variant'>): string {
  return variant === '' ? framework : `${framework} (${variant})`;
}
