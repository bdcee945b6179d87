/** The window's engine processes: one in use, and one spare that has loaded TensorFlow already. */
import type { EngineConfiguration } from '@shared/ipc/engine.contract';
import { type Problem, problem } from '@shared/problems/problem';

/** An engine process; `P` is the port that carries its contract. */
export interface EngineProcess<P> {
  /** Tells it its run and gives it the port to the page. */
  configure(configuration: EngineConfiguration, port: P): void;
  kill(): void;
  onExit(listener: (exitCode: number) => void): void;
}

export interface EngineExit {
  readonly engine: number;
  readonly exitCode: number;
  readonly isExpected: boolean;
  readonly problem?: Problem;
}

export interface EnginePoolOptions<P> {
  fork(): EngineProcess<P>;
  /** Of engines that were handed out; a spare that ends is replaced when it is needed. */
  onExit(exit: EngineExit): void;
  /** How long after handing out an engine the next spare is started, in ms: a start takes processor time. */
  readonly spareDelay: number;
}

interface LiveEngine<P> {
  readonly id: number;
  readonly process: EngineProcess<P>;
  isEnding: boolean;
}

export class EnginePool<P> {
  readonly #options: EnginePoolOptions<P>;
  #spare: EngineProcess<P> | null = null;
  #live: LiveEngine<P> | null = null;
  #lastId = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: EnginePoolOptions<P>) {
    this.#options = options;
  }

  /** Starts the spare process if there is none. */
  warm(): void {
    if (this.#isClosed || this.#spare) return;
    const spare = this.#options.fork();
    this.#spare = spare;
    spare.onExit(() => {
      if (this.#spare === spare) this.#spare = null;
    });
  }

  /** Starts it after a while; a later call, and handing out an engine, count the time afresh. */
  warmLater(delay: number): void {
    clearTimeout(this.#timer);
    if (!this.#isClosed) this.#timer = setTimeout(() => this.warm(), delay);
  }

  /** Hands out an engine for one run, ending the one in use; returns its id. */
  open(configure: (engine: number) => EngineConfiguration, port: P): number {
    this.endLive();
    this.warm();
    const process = this.#spare;
    if (!process) throw new Error('The engine pool is closed');
    this.#spare = null;
    const live: LiveEngine<P> = { id: ++this.#lastId, process, isEnding: false };
    this.#live = live;
    process.onExit((exitCode) => this.#exited(live, exitCode));
    process.configure(configure(live.id), port);
    this.warmLater(this.#options.spareDelay);
    return live.id;
  }

  /** Ends the engine at once; one that has ended already is no mistake. */
  end(engine: number): void {
    if (this.#live?.id === engine) this.endLive();
  }

  /** Ends every process; nothing can be opened afterwards. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.endLive();
    this.#spare?.kill();
    this.#spare = null;
  }

  /** Ends the engine in use, whichever it is. */
  endLive(): void {
    if (!this.#live) return;
    this.#live.isEnding = true;
    this.#live.process.kill();
    this.#live = null;
  }

  #exited(live: LiveEngine<P>, exitCode: number): void {
    if (this.#live === live) this.#live = null;
    const outcome = { engine: live.id, exitCode, isExpected: live.isEnding };
    this.#options.onExit(
      live.isEnding ? outcome : { ...outcome, problem: problem('run/engine-died', { exitCode }) },
    );
  }
}
