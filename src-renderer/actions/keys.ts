/** From key presses to actions: which element has the keyboard decides what is meant. */
import type { AppState } from '../state/app.svelte';
import { type KeyPress, matches } from './shortcut';

/** Text is being typed into this element. */
export function isTextField(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement)
    return !['checkbox', 'radio', 'button', 'range'].includes(target.type);
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLElement && target.isContentEditable);
}

/** A field whose changes go to the document as they are typed: undo there is the document's. */
function isDocumentField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('[data-document-field]') !== null;
}

/** Runs the action that the key press means, if one does and may; true when it did. */
export function runShortcut(app: AppState, press: KeyPress, target: EventTarget | null): boolean {
  if (app.interface.dialog !== undefined) return false;
  const isTyping = isTextField(target) || target instanceof HTMLSelectElement;
  for (const action of app.actions.values()) {
    const isHistory = action.id === 'edit.undo' || action.id === 'edit.redo';
    if (isTyping && !action.isGlobal && !(isHistory && isDocumentField(target))) continue;
    if (!action.shortcuts.some((shortcut) => matches(press, shortcut, app.isMac))) continue;
    if (action.isEnabled()) void action.run();
    return true;
  }
  return false;
}

/** Commands that the browser does better where text is being edited. */
const textCommands = new Map([
  ['edit.undo', 'undo'],
  ['edit.redo', 'redo'],
  ['edit.cut', 'cut'],
  ['edit.copy', 'copy'],
  ['edit.paste', 'paste'],
  ['edit.delete', 'delete'],
  ['edit.selectAll', 'selectAll'],
]);

/** What the application menu asked for: in a text field, editing means the text. */
export function runMenuCommand(app: AppState, command: string): void {
  const field = document.activeElement;
  const textCommand = textCommands.get(command);
  if (textCommand !== undefined && isTextField(field) && !isDocumentField(field)) {
    document.execCommand(textCommand);
    return;
  }
  for (const action of app.actions.values()) {
    if (action.id === command && action.isEnabled()) void action.run();
  }
}
