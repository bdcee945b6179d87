/** A typed set of listeners; every subscription returns its disposer. */

export type Disposer = () => void;

export class Emitter<T> {
  readonly #listeners = new Set<(value: T) => void>();

  /** Calls `listener` with every later value until the returned disposer is called. */
  on(listener: (value: T) => void): Disposer {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }

  /** Number of live subscriptions: tests check that it returns to zero. */
  get size(): number {
    return this.#listeners.size;
  }
}
