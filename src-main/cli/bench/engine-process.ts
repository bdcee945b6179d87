/** Our own figures: an engine process that steps on one batch, or trains epochs as `layerloom train` does. */
import { serialiseDocument } from '@shared/document/serialise';
import type { Reply } from '@shared/ipc/contract';
import type { EngineContract, EpochRecord } from '@shared/ipc/engine.contract';
import { formatProblem } from '@shared/problems/format';
import { failure, type Result, success } from '@shared/util/result';
import type { Context } from '../context';
import { EngineLink } from '../engine-link';
import { Refusal } from '../outcome';
import { epochDocument, stepDocument } from './documents';
import { type BenchNetwork, inferenceBatch, type BenchPrecision } from './networks';

export interface OwnSteps extends Reply<EngineContract, 'benchmark'> {
  readonly startedAt: number;
}

export interface OwnEpochs {
  /** Seconds of training of each counted epoch. */
  readonly seconds: readonly number[];
  readonly peakBytes: number;
}

/** Epochs of a process; one more warms up. */
export interface EpochsAsked {
  readonly images: number;
  /** Those that count. */
  readonly epochs: number;
  readonly isAugmented: boolean;
}

/** Counts that each process times, after those that warm up. */
export interface StepCounts {
  readonly steps: number;
  readonly warmup: number;
  readonly inferences: number;
}

export function runOwnSteps(
  context: Context,
  network: BenchNetwork,
  precision: BenchPrecision,
  { inferences, ...counts }: StepCounts,
): Promise<Result<OwnSteps, string>> {
  const startedAt = Date.now();
  return withOwnEngine(context, async (engine) => {
    const reply = await engine.call('benchmark', {
      document: serialiseDocument(stepDocument(network, precision)),
      ...counts,
      evaluationBatch: inferenceBatch(network),
      evaluations: inferences,
    });
    return { ...reply, startedAt };
  });
}

/** The first epoch warms up and is not counted; a handful of test images stands in for the test split. */
export function runOwnEpochs(
  context: Context,
  network: BenchNetwork,
  precision: BenchPrecision,
  { images, epochs, isAugmented }: EpochsAsked,
): Promise<Result<OwnEpochs, string>> {
  return withOwnEngine(context, async (engine) => {
    const records: EpochRecord[] = [];
    engine.client.on('epoch', (record) => records.push(record));
    const ended = endOf(context, engine);
    // Where the call is refused nobody waits for the end.
    ended.catch(() => undefined);
    await engine.call('train', {
      document: serialiseDocument(epochDocument(network, precision, { epochs: epochs + 1, isAugmented })),
      limit: images,
      testLimit: network.batch,
    });
    await ended;
    const { peakBytes } = await engine.call('usage', {});
    return { seconds: records.slice(1).map(({ seconds }) => seconds), peakBytes };
  });
}

function endOf(context: Context, engine: EngineLink): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (reason: string) => reject(new Error(reason));
    engine.client.on('state', ({ state, problem }) => {
      if (state === 'done') resolve();
      if (state === 'failed') stop(problem ? formatProblem(problem, context.locale).message : state);
    });
    void engine.death().then((found) => stop(formatProblem(found, context.locale).message));
  });
}

async function withOwnEngine<T>(
  context: Context,
  use: (engine: EngineLink) => Promise<T>,
): Promise<Result<T, string>> {
  const engine = new EngineLink(context, { runDirectory: null, device: 'auto' });
  try {
    return success(await use(engine));
  } catch (error) {
    if (error instanceof Refusal) {
      const messages = error.problems.map((found) => formatProblem(found, context.locale).message);
      return failure(messages.join(' '));
    }
    if (error instanceof Error) return failure(error.message);
    throw error;
  } finally {
    await engine.end();
  }
}
