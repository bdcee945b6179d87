/** Collects the figures of steps and sends them together: every step once, in order, few messages a second. */
import type { EventPayload } from '@shared/ipc/contract';
import type { EngineContract } from '@shared/ipc/engine.contract';

export type StepsMessage = EventPayload<EngineContract, 'steps'>;

/** Never more than this many messages within one second. */
const MESSAGES_PER_SECOND = 20;
/** The regular pace; what it leaves of the second is for messages that end an epoch or a run. */
const INTERVAL_MS = 60;

/** Of one batch, before its update; shares from 0 to 1. */
export interface StepFigures {
  readonly loss: number;
  readonly accuracy: number;
  readonly topK?: number;
}

/** Time and waiting, to be replaced in tests. */
export interface Clock {
  /** Milliseconds. */
  now(): number;
  wait(milliseconds: number): Promise<void>;
}

export class StepReporter {
  #figures: StepFigures[] = [];
  #firstStep = 0;
  #epoch = 1;
  /** When the last messages were sent, oldest first. */
  #sent: number[] = [];

  constructor(
    readonly clock: Clock,
    readonly send: (figures: Omit<StepsMessage, 'samplesPerSecond' | 'secondsLeft'>) => void,
  ) {}

  /** Steps come in order; a message never spans two epochs, so `flush` comes between them. */
  add(step: number, epoch: number, figures: StepFigures): void {
    if (this.#figures.length === 0) {
      this.#firstStep = step;
      this.#epoch = epoch;
    }
    this.#figures.push(figures);
    const last = this.#sent.at(-1);
    if ((last === undefined || this.clock.now() - last >= INTERVAL_MS) && this.#msUntilAllowed() <= 0)
      this.#send();
  }

  /** Sends what is left: before the end of an epoch or of the run is told. */
  async flush(): Promise<void> {
    if (this.#figures.length === 0) return;
    const wait = this.#msUntilAllowed();
    if (wait > 0) await this.clock.wait(wait);
    this.#send();
  }

  #msUntilAllowed(): number {
    const oldest = this.#sent.at(-MESSAGES_PER_SECOND);
    return oldest === undefined ? 0 : oldest + 1000 - this.clock.now();
  }

  #send(): void {
    const figures = this.#figures;
    const topKs = figures.flatMap(({ topK }) => topK ?? []);
    this.#sent = [...this.#sent.slice(1 - MESSAGES_PER_SECOND), this.clock.now()];
    this.send({
      firstStep: this.#firstStep,
      epoch: this.#epoch,
      losses: Float32Array.from(figures, ({ loss }) => loss),
      accuracies: Float32Array.from(figures, ({ accuracy }) => accuracy),
      ...(topKs.length === 0 ? {} : { topKs: Float32Array.from(topKs) }),
    });
    this.#figures = [];
  }
}
