/** Takes the metrics of a run back to a checkpoint: lines of later steps will be written again. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Problem } from '@shared/problems/problem';
import { problem } from '@shared/problems/problem';
import { reasonOf } from '@shared/util/reason';
import { failure, type Result } from '@shared/util/result';
import type { Progress } from '../training/training-loop';
import { writeAtomically } from './atomic-write';

const count = z.number().int().nonnegative();
const line = z.discriminatedUnion('event', [
  z.object({ event: z.literal('step'), step: count }),
  z.object({ event: z.enum(['epoch', 'checkpoint']), epoch: count }),
  z.object({ event: z.enum(['start', 'resume', 'warning', 'done', 'stopped', 'error']) }),
]);

export async function trimMetrics(path: string, progress: Progress): Promise<Result<true, Problem>> {
  try {
    const lines = (await readFile(path, 'utf8')).split('\n').filter((text) => isKept(text, progress));
    return await writeAtomically(path, [lines.map((text) => `${text}\n`).join('')]);
  } catch (error) {
    return failure(problem('file/cannot-read', { path, reason: reasonOf(error) }));
  }
}

/** A line that a dying process left half-written is dropped too, and so is the end of the run: it goes on. */
function isKept(text: string, { steps, epochs, isWithinEpoch, untold }: Progress): boolean {
  const parsed = line.safeParse(parsedJson(text));
  if (!parsed.success) return false;
  const record = parsed.data;
  switch (record.event) {
    case 'step':
      return record.step < steps;
    case 'epoch':
      // One that was trained to its end but not told of will be.
      return record.epoch <= epochs - (untold !== undefined && !isWithinEpoch ? 1 : 0);
    case 'checkpoint':
      return record.epoch <= epochs;
    default:
      return record.event === 'start' || record.event === 'resume' || record.event === 'warning';
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
