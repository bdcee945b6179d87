/** Collects the figures of steps and sends them together: every step once, in order, few messages a second. */
import type { EventPayload } from '@shared/ipc/contract';
import type { EngineContract } from '@shared/ipc/engine.contract';

export type StepsMessage = EventPayload<EngineContract, 'steps'>;

/** Never more than this many messages within one second. */
const MESSAGES_PER_SECOND = 20;
/** The regular pace; what it leaves of the second is for messages that end an epoch or a run. */
const INTERVAL_MS = 60;

/** Time and waiting, to be replaced in tests. */
export interface Clock {
  /** Milliseconds. */
  now(): number;
  wait(milliseconds: number): Promise<void>;
}

export class StepReporter {
  #losses: number[] = [];
  #accuracies: number[] = [];
  #firstStep = 0;
  #epoch = 1;
  /** When the last messages were sent, oldest first. */
  #sent: number[] = [];

  constructor(
    readonly clock: Clock,
    readonly send: (figures: Omit<StepsMessage, 'samplesPerSecond' | 'secondsLeft'>) => void,
  ) {}

  /** Steps come in order; a message never spans two epochs, so `flush` comes between them. */
  add(step: number, epoch: number, loss: number, accuracy: number): void {
    if (this.#losses.length === 0) {
      this.#firstStep = step;
      this.#epoch = epoch;
    }
    this.#losses.push(loss);
    this.#accuracies.push(accuracy);
    const last = this.#sent.at(-1);
    if ((last === undefined || this.clock.now() - last >= INTERVAL_MS) && this.#msUntilAllowed() <= 0)
      this.#send();
  }

  /** Sends what is left: before the end of an epoch or of the run is told. */
  async flush(): Promise<void> {
    if (this.#losses.length === 0) return;
    const wait = this.#msUntilAllowed();
    if (wait > 0) await this.clock.wait(wait);
    this.#send();
  }

  #msUntilAllowed(): number {
    const oldest = this.#sent.at(-MESSAGES_PER_SECOND);
    return oldest === undefined ? 0 : oldest + 1000 - this.clock.now();
  }

  #send(): void {
    this.#sent = [...this.#sent.slice(1 - MESSAGES_PER_SECOND), this.clock.now()];
    this.send({
      firstStep: this.#firstStep,
      epoch: this.#epoch,
      losses: Float32Array.from(this.#losses),
      accuracies: Float32Array.from(this.#accuracies),
    });
    this.#losses = [];
    this.#accuracies = [];
  }
}
