/** Drawing a wire by keyboard: from one node, the arrows go through every port that may take it. */
import { OUTPUT_PORT } from '@shared/document/ports';
import type { Endpoint } from '@shared/document/types';
import { canvasTexts } from '@shared/texts/canvas';
import { connectionTargets } from '../editing/connections';
import type { DocumentState } from './documents.svelte';
import type { Editor } from './editor.svelte';
import type { InterfaceState } from './interface.svelte';
import type { PreferencesState } from './preferences.svelte';

interface Parts {
  readonly documents: DocumentState;
  readonly editor: Editor;
  readonly interface: InterfaceState;
  readonly preferences: PreferencesState;
}

interface Attempt {
  readonly from: string;
  readonly targets: readonly Endpoint[];
  readonly index: number;
}

export class ConnectingState {
  readonly #parts: Parts;
  #attempt = $state.raw<Attempt | undefined>(undefined);

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get isActive(): boolean {
    return this.#attempt !== undefined;
  }

  get from(): string | undefined {
    return this.#attempt?.from;
  }

  get target(): Endpoint | undefined {
    return this.#attempt?.targets[this.#attempt.index];
  }

  /** What is shown and read out: `Connect conv2d_1 to flatten_1, in`. */
  get sentence(): string {
    const { from, target } = this;
    if (from === undefined || target === undefined) return '';
    const nameOf = (id: string) => this.#parts.documents.document.nodes[id]?.name ?? id;
    const args = { from: nameOf(from), to: nameOf(target[0]), port: target[1] };
    return this.#parts.preferences.text(canvasTexts.connecting, args);
  }

  start(from: string | undefined): void {
    if (from === undefined) return;
    const { document } = this.#parts.documents;
    const targets = connectionTargets(document, from);
    if (targets.length === 0) {
      const name = document.nodes[from]?.name ?? from;
      this.#parts.interface.notify(this.#parts.preferences.text(canvasTexts.connectNone, { from: name }));
      return;
    }
    this.#move({ from, targets, index: 0 });
  }

  /** To the next target, or the one before. */
  step(by: 1 | -1): void {
    const attempt = this.#attempt;
    if (attempt === undefined) return;
    const count = attempt.targets.length;
    this.#move({ ...attempt, index: (attempt.index + by + count) % count });
  }

  /** Draws the wire. */
  finish(): void {
    const { from, target } = this;
    this.#attempt = undefined;
    if (from === undefined || target === undefined) return;
    this.#parts.editor.connect([from, OUTPUT_PORT], target);
    this.#parts.editor.view.focus(from);
  }

  cancel(): void {
    this.#attempt = undefined;
  }

  #move(attempt: Attempt): void {
    this.#attempt = attempt;
    const target = this.target;
    if (target !== undefined) this.#parts.editor.view.reveal(target[0]);
    this.#parts.editor.view.focus(attempt.from);
    this.#parts.interface.announce(this.sentence);
  }
}
