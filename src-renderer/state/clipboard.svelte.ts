/** The system's clipboard: by the page's own clipboard events where keys are pressed, by the API for menus. */
import { appTexts } from '@shared/texts/app';
import { readCopied, writeCopied } from '../editing/clipboard';
import { isTextField } from '../actions/keys';
import type { Editor } from './editor.svelte';
import type { InterfaceState } from './interface.svelte';
import type { PreferencesState } from './preferences.svelte';

interface Parts {
  readonly editor: Editor;
  readonly interface: InterfaceState;
  readonly preferences: PreferencesState;
}

/** A key press can arrive both as a clipboard event and as a command of the application menu. */
const sameGestureMilliseconds = 150;

export class ClipboardState {
  readonly #parts: Parts;
  #lastEvent = Number.NEGATIVE_INFINITY;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** For the page's `copy` and `cut` events. */
  onCopy(event: ClipboardEvent): void {
    if (!this.#concernsNodes(event)) return;
    const copied = this.#parts.editor.copy();
    if (copied === undefined) return;
    event.clipboardData?.setData('text/plain', writeCopied(copied));
    event.preventDefault();
    if (event.type === 'cut') this.#parts.editor.deleteSelection();
    this.#lastEvent = performance.now();
  }

  onPaste(event: ClipboardEvent): void {
    if (!this.#concernsNodes(event)) return;
    event.preventDefault();
    this.#lastEvent = performance.now();
    this.#pasteText(event.clipboardData?.getData('text/plain') ?? '');
  }

  async copy(): Promise<void> {
    if (this.#isSameGesture()) return;
    const copied = this.#parts.editor.copy();
    if (copied !== undefined) await this.#write(writeCopied(copied));
  }

  async cut(): Promise<void> {
    if (this.#isSameGesture()) return;
    await this.copy();
    this.#parts.editor.deleteSelection();
  }

  async paste(): Promise<void> {
    if (this.#isSameGesture()) return;
    const text = await this.#read();
    if (text !== undefined) this.#pasteText(text);
    else if (this.#parts.editor.copied !== undefined) this.#parts.editor.paste(this.#parts.editor.copied);
    else this.#nothing();
  }

  #pasteText(text: string): void {
    const copied = readCopied(text);
    if (copied === undefined) this.#nothing();
    else this.#parts.editor.paste(copied);
  }

  #nothing(): void {
    this.#parts.interface.notify(this.#parts.preferences.text(appTexts.nothingToPaste));
  }

  /** Not where text is selected or edited: there the browser knows better. */
  #concernsNodes(event: ClipboardEvent): boolean {
    if (isTextField(event.target) || isTextField(document.activeElement)) return false;
    if (this.#parts.interface.dialog !== undefined) return false;
    return event.type === 'paste' || (window.getSelection()?.toString() ?? '') === '';
  }

  #isSameGesture(): boolean {
    return performance.now() - this.#lastEvent < sameGestureMilliseconds;
  }

  /** The window has no permission to the clipboard outside of clipboard events: what was copied here still works. */
  async #write(text: string): Promise<void> {
    await navigator.clipboard.writeText(text).catch(() => undefined);
  }

  async #read(): Promise<string | undefined> {
    return navigator.clipboard.readText().catch(() => undefined);
  }
}
