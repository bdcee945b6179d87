/** Keeps a window with unsaved changes open until somebody has said what becomes of them. */

export interface ClosingSteps {
  /** Whether the page still answers; false where it hangs or has crashed. */
  isPageAlive(): Promise<boolean>;
  /** The page asks in its own dialog, and closes the window by itself if the user wants that. */
  askInPage(): void;
  /** Asks in a native dialog; true to close and lose the changes. */
  askNatively(): Promise<boolean>;
  /** Closes at once. */
  close(): void;
}

export class ClosingGuard {
  readonly #steps: ClosingSteps;
  #isDirty = false;
  #isAsking = false;

  constructor(steps: ClosingSteps) {
    this.#steps = steps;
  }

  setDirty(isDirty: boolean): void {
    this.#isDirty = isDirty;
  }

  /** Called when the window is about to close: true lets it; false keeps it and sees to the question. */
  mayClose(): boolean {
    if (!this.#isDirty) return true;
    if (!this.#isAsking) void this.#ask();
    return false;
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    try {
      if (await this.#steps.isPageAlive()) this.#steps.askInPage();
      else if (await this.#steps.askNatively()) this.#steps.close();
    } finally {
      this.#isAsking = false;
    }
  }
}
