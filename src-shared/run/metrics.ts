/** What a run tells, one JSON object per line: the lines of metrics.jsonl and of the command line's `--json`. */
import type { EngineContract, EpochRecord, RuntimeDescription } from '../ipc/engine.contract';
import type { EventPayload, Reply } from '../ipc/contract';
import type { Problem } from '../problems/problem';
import type { TrainingSettings } from '../training/schema';

export type StartRecord = { readonly event: 'start' } & TrainingSettings &
  Omit<Reply<EngineContract, 'train'>, 'classNames'> &
  Pick<RuntimeDescription, 'runtime' | 'tensorflowVersion' | 'device'>;

/** A run that goes on from a checkpoint: steps and epochs that were done, and how many there will be. */
export interface ResumeRecord {
  readonly event: 'resume';
  readonly step: number;
  readonly epoch: number;
  readonly epochs: number;
  readonly totalSteps: number;
}

export interface StepRecord {
  readonly event: 'step';
  /** Counted over the whole run, from 0. */
  readonly step: number;
  readonly epoch: number;
  /** Null in JSON when the loss was not finite. */
  readonly loss: number;
  readonly accuracy: number;
  /** Top-k accuracy, where there are more classes than k. */
  readonly topK?: number;
}

export type MetricRecord =
  | StartRecord
  | ResumeRecord
  | StepRecord
  | ({ readonly event: 'epoch' } & EpochRecord)
  | ({ readonly event: 'checkpoint' } & EventPayload<EngineContract, 'checkpoint'>)
  | ({ readonly event: 'warning' } & Pick<Problem, 'code' | 'args'>)
  | { readonly event: 'done' | 'stopped' }
  | ({ readonly event: 'error' } & Pick<Problem, 'code' | 'args'>);

export function startRecord(
  settings: TrainingSettings,
  { totalSteps, stepsPerEpoch, trainSamples, testSamples }: Reply<EngineContract, 'train'>,
  { runtime, tensorflowVersion, device }: RuntimeDescription,
): StartRecord {
  const sizes = { totalSteps, stepsPerEpoch, trainSamples, testSamples };
  return { event: 'start', ...settings, ...sizes, runtime, tensorflowVersion, device };
}

export function resumeRecord(
  { steps, epochs: epoch }: { readonly steps: number; readonly epochs: number },
  { epochs, totalSteps }: { readonly epochs: number; readonly totalSteps: number },
): ResumeRecord {
  return { event: 'resume', step: steps, epoch, epochs, totalSteps };
}

/** One record for each step of the message. */
export function stepRecords(payload: EventPayload<EngineContract, 'steps'>): readonly StepRecord[] {
  const { firstStep, epoch, losses, accuracies, topKs } = payload;
  return Array.from(losses, (loss, index) => ({
    event: 'step',
    step: firstStep + index,
    epoch,
    loss: shortest(loss),
    accuracy: shortest(accuracies[index] ?? 0),
    ...(topKs === undefined ? {} : { topK: shortest(topKs[index] ?? 0) }),
  }));
}

export function epochMetric(record: EpochRecord): MetricRecord {
  return { event: 'epoch', ...record };
}

export function checkpointMetric(payload: EventPayload<EngineContract, 'checkpoint'>): MetricRecord {
  return { event: 'checkpoint', ...payload };
}

/** The record of a `state` message; most states have none. */
export function stateMetric({
  state,
  problem,
}: EventPayload<EngineContract, 'state'>): MetricRecord | undefined {
  if (state === 'done' || state === 'stopped') return { event: state };
  if (problem === undefined) return undefined;
  return { event: state === 'failed' ? 'error' : 'warning', code: problem.code, args: problem.args };
}

/** A float32 in as few digits as tell it from every other. */
function shortest(value: number): number {
  return Number(value.toPrecision(9));
}
