/** Who takes part: our engine and the peers, each in the ways that it is used. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Result, success } from '@shared/util/result';
import type { Context } from '../context';
import { layersOf, stepDocument } from './documents';
import { runOwnEpochs, runOwnSteps, type StepCounts } from './engine-process';
import { type Figures, median, type Task } from './measures';
import {
  type BenchNetwork,
  type Framework,
  inferenceBatch,
  type PeerFramework,
  type BenchPrecision,
} from './networks';
import { askPeer, epochFigures, type PeerAnswer, stepFigures } from './peer-process';
import type { Contestant } from './rounds';
import type { z } from 'zod';

/** What the measurements of one network have in common. */
export interface Plan {
  readonly context: Context;
  readonly network: BenchNetwork;
  readonly precision: BenchPrecision;
  /** Our trained parameters. */
  readonly params: number;
  /** Counted steps and inferences of a process, and steps before them. */
  readonly counts: StepCounts;
  /** Images and counted epochs of a process. */
  readonly epoch: { readonly images: number; readonly epochs: number };
  /** IDX files of the training images. */
  readonly data: { readonly images: string; readonly labels: string };
  readonly peers: readonly PeerFramework[];
  /** Python of the environment with Keras and PyTorch; absent where none is named. */
  readonly python?: string;
  /** Folder of the peers' programs. */
  readonly programs: string;
  /** Folder for files that peers read. */
  readonly scratch: string;
}

/** All that take part in a task, ours first. */
export async function contestantsOf(plan: Plan, task: Task): Promise<readonly Contestant[]> {
  const layers = join(plan.scratch, `${plan.network.id}.json`);
  await writeFile(layers, JSON.stringify(layersOf(stepDocument(plan.network, plan.precision))));
  const ways = waysOf(task, layers).filter(({ framework }) => plan.peers.includes(framework));
  return [
    ...ownWays(plan, task),
    ...ways.map((way): Contestant => ({ ...way, run: () => runPeer(plan, task, way) })),
  ];
}

/** Epochs both ways where tfjs-layers, which does not augment, is there to be compared with. */
function ownWays(plan: Plan, task: Task): readonly Contestant[] {
  const framework = 'layerloom';
  if (task === 'step') return [{ framework, variant: '', run: () => timeOwnSteps(plan) }];
  const augmented = { framework, variant: '', run: () => timeOwnEpochs(plan, true) } as const;
  const plain = { framework, variant: 'not augmented', run: () => timeOwnEpochs(plan, false) } as const;
  return plan.peers.includes('tfjs-layers') ? [augmented, plain] : [augmented];
}

interface Way {
  readonly framework: PeerFramework;
  readonly variant: string;
  readonly options: readonly string[];
}

/** PyTorch in both of its layouts; for epochs every input pipeline that users of the framework take. */
function waysOf(task: Task, layers: string): readonly Way[] {
  const tfjs: Way = { framework: 'tfjs-layers', variant: '', options: ['--layers', layers] };
  const layouts = [
    { name: 'channels first', options: [] },
    { name: 'channels last', options: ['--channels-last'] },
  ];
  if (task === 'step') {
    const torch = layouts.map(({ name, options }): Way => ({ framework: 'pytorch', variant: name, options }));
    return [tfjs, { framework: 'keras', variant: '', options: [] }, ...torch];
  }
  const keras = ['arrays', 'tf.data'].map((name): Way => ({
    framework: 'keras',
    variant: name,
    options: ['--pipeline', name],
  }));
  const torch = layouts.flatMap(({ name, options }) =>
    ['0', '2'].map((workers): Way => ({
      framework: 'pytorch',
      variant: `${name}, ${workers} workers`,
      options: [...options, '--workers', workers],
    })),
  );
  return [tfjs, ...keras, ...torch];
}

async function timeOwnSteps({
  context,
  network,
  precision,
  params,
  counts,
}: Plan): Promise<Result<Figures, string>> {
  const steps = await runOwnSteps(context, network, precision, counts);
  if (!steps.ok) return steps;
  return success({ params, values: stepValues(network, steps.value, steps.value.startedAt) });
}

async function timeOwnEpochs(plan: Plan, isAugmented: boolean): Promise<Result<Figures, string>> {
  const { context, network, precision, params } = plan;
  const epochs = await runOwnEpochs(context, network, precision, { ...plan.epoch, isAugmented });
  if (!epochs.ok) return epochs;
  const { seconds, peakBytes } = epochs.value;
  const epochMs = seconds.map((each) => each * 1000);
  const values = epochValues(plan, { epochMs, peakBytes }, isAugmented);
  if (isAugmented) return success({ params, values });
  // Memory counts with augmentation, as users have it.
  const { epochMemory: _epochMemory, ...rate } = values;
  return success({ params, values: rate });
}

async function runPeer(
  plan: Plan,
  task: Task,
  { framework, options }: Way,
): Promise<Result<Figures, string>> {
  const [command, program] = programOf(plan, framework);
  const isAugmented = framework !== 'tfjs-layers';
  const augment = task === 'epoch' && isAugmented ? ['--augment'] : [];
  const asked = [...sharedOptions(plan, framework), ...taskOptions(plan, task), ...augment, ...options];
  const args = [...program, task, ...asked];
  if (task === 'step') {
    const steps = await askPeer(command, args, stepFigures);
    return steps.ok ? success(figuresOfSteps(plan.network, steps.value)) : steps;
  }
  const epochs = await askPeer(command, args, epochFigures);
  if (!epochs.ok) return epochs;
  const { figures } = epochs.value;
  return success({ params: figures.params, values: epochValues(plan, figures, isAugmented) });
}

/** The program to start and what its arguments begin with. */
function programOf(
  { programs, python = '' }: Plan,
  framework: PeerFramework,
): readonly [command: string, program: readonly string[]] {
  if (framework === 'tfjs-layers') return [process.execPath, [join(programs, 'tfjs-layers.mjs')]];
  return [python, [join(programs, 'peers.py')]];
}

function sharedOptions({ network, precision }: Plan, framework: Framework): readonly string[] {
  const batch = ['--batch', String(network.batch)];
  if (framework === 'tfjs-layers') return batch;
  return ['--framework', framework, '--network', network.id, '--precision', precision, ...batch];
}

function taskOptions({ network, counts, epoch, data }: Plan, task: Task): readonly string[] {
  const options =
    task === 'step'
      ? { ...counts, 'inference-batch': inferenceBatch(network) }
      : { ...data, limit: epoch.images, epochs: epoch.epochs };
  return Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

type StepTimes = Omit<z.infer<typeof stepFigures>, 'params'>;

function figuresOfSteps(
  network: BenchNetwork,
  { figures, startedAt }: PeerAnswer<z.infer<typeof stepFigures>>,
): Figures {
  return { params: figures.params, values: stepValues(network, figures, startedAt) };
}

function stepValues(network: BenchNetwork, times: StepTimes, startedAt: number): Figures['values'] {
  return {
    step: (network.batch * 1000) / median(times.stepMs),
    inference: (inferenceBatch(network) * 1000) / median(times.inferenceMs),
    firstStep: (times.firstStepAt - startedAt) / 1000,
    memory: times.peakBytes,
  };
}

function epochValues(
  { epoch }: Plan,
  { epochMs, peakBytes }: Omit<z.infer<typeof epochFigures>, 'params'>,
  isAugmented: boolean,
): Figures['values'] {
  const rate = (epoch.images * 1000) / median(epochMs);
  return { ...(isAugmented ? { epoch: rate } : { plainEpoch: rate }), epochMemory: peakBytes };
}
