/** The folder of a run: the document as it was, the record, and every metric as it comes. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { problem, type Problem } from '@shared/problems/problem';
import type { MetricRecord } from '@shared/run/metrics';
import { runFiles, type RunRecord } from '@shared/run/record';
import { reasonOf } from '@shared/util/reason';
import { failure, type Result, success } from '@shared/util/result';
import type { Progress } from '../training/training-loop';
import { writeAtomically } from './atomic-write';
import { trimMetrics } from './trim-metrics';

export class RunFolder {
  #record: RunRecord;
  #obstacle: Problem | undefined;

  /** Makes the folder, or takes an empty one; one with something in it is refused. */
  static async create(
    directory: string,
    document: string,
    record: RunRecord,
  ): Promise<Result<RunFolder, Problem>> {
    try {
      await mkdir(directory, { recursive: true });
      if ((await readdir(directory)).length > 0) {
        return failure(problem('run/directory-exists', { path: directory }));
      }
      await mkdir(join(directory, runFiles.checkpoints));
    } catch (error) {
      return failure(problem('file/cannot-write', { path: directory, reason: reasonOf(error) }));
    }
    const written = await writeAtomically(join(directory, runFiles.document), [document]);
    if (!written.ok) return written;
    return RunFolder.#open(directory, record);
  }

  /** An existing one, as it was at `progress`: what came after is dropped from the metrics. */
  static async reopen(
    directory: string,
    document: string,
    record: RunRecord,
    progress: Progress,
  ): Promise<Result<RunFolder, Problem>> {
    const trimmed = await trimMetrics(join(directory, runFiles.metrics), progress);
    if (!trimmed.ok) return trimmed;
    const written = await writeAtomically(join(directory, runFiles.document), [document]);
    return written.ok ? RunFolder.#open(directory, record) : written;
  }

  static async #open(directory: string, record: RunRecord): Promise<Result<RunFolder, Problem>> {
    const path = join(directory, runFiles.metrics);
    try {
      const folder = new RunFolder(directory, openSync(path, 'a'), record);
      const written = await folder.updateRecord({});
      return written.ok ? success(folder) : written;
    } catch (error) {
      return failure(problem('file/cannot-write', { path, reason: reasonOf(error) }));
    }
  }

  private constructor(
    readonly directory: string,
    readonly metricsFile: number,
    record: RunRecord,
  ) {
    this.#record = record;
  }

  /** Why metrics could not be written, once that has happened: the run cannot go on. */
  get obstacle(): Problem | undefined {
    return this.#obstacle;
  }

  /** Written at once: a process that dies has lost none of them. */
  append(records: readonly MetricRecord[]): void {
    if (this.#obstacle !== undefined || records.length === 0) return;
    try {
      writeSync(this.metricsFile, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    } catch (error) {
      const path = join(this.directory, runFiles.metrics);
      this.#obstacle = problem('file/cannot-write', { path, reason: reasonOf(error) });
    }
  }

  async updateRecord(changes: Partial<RunRecord>): Promise<Result<true, Problem>> {
    this.#record = { ...this.#record, ...changes };
    const path = join(this.directory, runFiles.record);
    return writeAtomically(path, [`${JSON.stringify(this.#record, undefined, 2)}\n`]);
  }

  close(): void {
    closeSync(this.metricsFile);
  }
}
