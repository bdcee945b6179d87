/** Test images with what the trained network says of them, a page at a time. */
import type { EngineContract } from '@shared/ipc/engine.contract';
import type { Reply } from '@shared/ipc/contract';
import type { Problem } from '@shared/problems/problem';
import type { TrainingRun } from './run.svelte';

export const pageSize = 24;

export type PredictionPage = Reply<EngineContract, 'predictTest'>;
export type Prediction = PredictionPage['images'][number];

export class PredictionsState {
  readonly #run: TrainingRun;
  page = $state.raw<PredictionPage | undefined>(undefined);
  offset = $state.raw(0);
  isLoading = $state.raw(false);
  problem = $state.raw<Problem | undefined>(undefined);

  constructor(run: TrainingRun) {
    this.#run = run;
  }

  get pageNumber(): number {
    return Math.floor(this.offset / pageSize) + 1;
  }

  get pageCount(): number {
    return Math.max(1, Math.ceil((this.page?.total ?? 0) / pageSize));
  }

  get hasPrevious(): boolean {
    return this.offset > 0;
  }

  get hasNext(): boolean {
    return this.pageNumber < this.pageCount;
  }

  clear(): void {
    this.page = undefined;
    this.problem = undefined;
    this.offset = 0;
  }

  async load(offset = 0): Promise<void> {
    const client = this.#run.client;
    if (client === undefined || this.isLoading) return;
    this.isLoading = true;
    const reply = await client.call('predictTest', { offset, limit: pageSize });
    this.isLoading = false;
    // A new run may have begun meanwhile: its images are not these.
    if (client !== this.#run.client) return;
    if (reply.ok) {
      this.page = reply.value;
      this.offset = offset;
      this.problem = undefined;
    } else this.problem = reply.error;
  }

  next(): Promise<void> {
    return this.load(this.offset + pageSize);
  }

  previous(): Promise<void> {
    return this.load(Math.max(0, this.offset - pageSize));
  }
}
