/** Editing one value: every keystroke reaches the document at once, and all of them are one step of its history. */
import type { Command } from '@shared/document/commands';
import type { Json } from '@shared/util/json';
import type { Gesture } from '../state/documents.svelte';
import type { AppState } from '../state/app.svelte';

export class FieldEdit {
  readonly #app: AppState;
  readonly #command: (value: Json) => Command;
  #gesture: Gesture | undefined;

  /** `command` says what setting the value means. */
  constructor(app: AppState, command: (value: Json) => Command) {
    this.#app = app;
    this.#command = command;
  }

  edit(value: Json): void {
    this.#gesture ??= this.#app.documents.startGesture();
    this.#app.editor.execute(this.#command(value));
    this.#gesture.squash();
  }

  /** The value stands; the next edit is another step. */
  finish(): void {
    this.#gesture = undefined;
  }

  /** As it was before the first keystroke. */
  cancel(): void {
    this.#gesture?.bail();
    this.#gesture = undefined;
  }
}
