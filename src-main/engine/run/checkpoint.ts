/** Checkpoints: every variable in one safetensors file, with the counters that a run goes on from. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ProgramVariable } from '@shared/compile/program';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '@shared/formats/safetensors';
import { problem, type Problem } from '@shared/problems/problem';
import { runFiles } from '@shared/run/record';
import { reasonOf } from '@shared/util/reason';
import { failure, type Result, success } from '@shared/util/result';
import type { Network } from '../network';
import type { Progress } from '../training/training-loop';
import { writeAtomically } from './atomic-write';

/** How far the run had come, and every variable. */
export interface Checkpoint extends Progress {
  readonly tensors: readonly NamedTensor[];
}

/** After a whole epoch `epoch-3`; after a stop within one `epoch-3-step-120`, whose number counts the run's steps. */
const checkpointName = /^epoch-(\d{1,9})(?:-step-(\d{1,12}))?\.safetensors$/;

function fileName({ epochs, steps, isWithinEpoch }: Progress): string {
  return isWithinEpoch ? `epoch-${epochs}-step-${steps}.safetensors` : `epoch-${epochs}.safetensors`;
}

/** Writes a checkpoint into the run folder; its path within the folder. */
export async function saveCheckpoint(
  runDirectory: string,
  network: Network,
  progress: Progress,
  seed: number,
): Promise<Result<string, Problem>> {
  const tensors = await network.read();
  if (!tensors.ok) return tensors;
  const { steps, epochs, untold } = progress;
  const counters = { step: String(steps), epoch: String(epochs), seed: String(seed) };
  const metadata = untold === undefined ? counters : { ...counters, untold: JSON.stringify(untold) };
  const name = fileName(progress);
  const path = join(runDirectory, runFiles.checkpoints, name);
  const written = await writeAtomically(path, encodeSafetensors({ tensors: tensors.value, metadata }));
  return written.ok ? success(`${runFiles.checkpoints}/${name}`) : written;
}

/** The newest checkpoint of a run folder. Files that were being written when a process died have other names. */
export async function readNewestCheckpoint(runDirectory: string): Promise<Result<Checkpoint, Problem>> {
  const folder = join(runDirectory, runFiles.checkpoints);
  const refuse = (reason: string, file = ''): Result<never, Problem> =>
    failure(problem('run/not-a-run', { path: runDirectory, reason, file }));
  const names = await readdir(folder).catch(() => []);
  const newest = names
    .map(placeOf)
    .filter((place) => place !== undefined)
    .sort(compare)
    .at(-1);
  if (newest === undefined) return refuse('NO_CHECKPOINT');
  const path = join(folder, newest.name);
  try {
    const file = decodeSafetensors(await readFile(path));
    if (!file.ok) return refuse('BAD_CHECKPOINT', newest.name);
    const progress = readProgress(newest, file.value.metadata);
    if (progress === undefined) return refuse('BAD_CHECKPOINT', newest.name);
    return success({ ...progress, tensors: file.value.tensors });
  } catch (error) {
    return failure(problem('file/cannot-read', { path, reason: reasonOf(error) }));
  }
}

const untoldEpoch = z.object({
  sums: z.object({
    samples: z.number().positive(),
    loss: z.number(),
    right: z.number().nonnegative(),
    inTopK: z.number().nonnegative().optional(),
  }),
  seconds: z.number().nonnegative(),
});

/** The counters of a checkpoint; undefined where they are not what we write. */
function readProgress(
  { epoch, step }: Place,
  { step: stepText, untold }: Readonly<Record<string, string>>,
): Progress | undefined {
  const steps = Number(stepText ?? Number.NaN);
  if (!Number.isSafeInteger(steps) || steps < 0) return undefined;
  const counters = { steps, epochs: epoch, isWithinEpoch: step > 0 };
  if (untold === undefined) return counters;
  try {
    return { ...counters, untold: untoldEpoch.parse(JSON.parse(untold)) };
  } catch {
    return undefined;
  }
}

interface Place {
  readonly name: string;
  readonly epoch: number;
  readonly step: number;
}

function placeOf(name: string): Place | undefined {
  const match = checkpointName.exec(name);
  return match === null ? undefined : { name, epoch: Number(match[1]), step: Number(match[2] ?? 0) };
}

/** A stop within an epoch comes after the epoch that was finished before it. */
function compare(a: Place, b: Place): number {
  return a.epoch - b.epoch || a.step - b.step;
}

/** Gives every variable of the network its value from the checkpoint; all must be there, in the right sizes. */
export async function applyCheckpoint(
  network: Network,
  { tensors }: Checkpoint,
  runDirectory: string,
): Promise<Result<true, Problem>> {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  for (const variable of network.program.variables) {
    const tensor = byName.get(variable.name);
    if (tensor === undefined || !fits(tensor, variable)) {
      const args = { path: runDirectory, reason: 'MISFIT', file: variable.name };
      return failure(problem('run/not-a-run', args));
    }
    const written = await network.write(variable.name, tensor.values);
    if (!written.ok) return written;
  }
  return success(true);
}

function fits({ dims }: NamedTensor, variable: ProgramVariable): boolean {
  return dims.length === variable.dims.length && dims.every((size, axis) => size === variable.dims[axis]);
}
