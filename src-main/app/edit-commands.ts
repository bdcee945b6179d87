/** Edit commands of the native menu: to the text field that has the focus, else to the document. */
import type { WebContents } from 'electron';
import type { MenuCommand } from '@shared/ipc/app.contract';

const nativeEdits = {
  'edit.undo': (contents) => contents.undo(),
  'edit.redo': (contents) => contents.redo(),
  'edit.cut': (contents) => contents.cut(),
  'edit.copy': (contents) => contents.copy(),
  'edit.paste': (contents) => contents.paste(),
  'edit.delete': (contents) => contents.delete(),
  'edit.selectAll': (contents) => contents.selectAll(),
} satisfies Partial<Record<MenuCommand, (contents: WebContents) => void>>;

const textFields =
  'textarea, [contenteditable], input:not([type=checkbox], [type=radio], [type=range], [type=button])';
const isEditingText = `document.activeElement?.matches(${JSON.stringify(textFields)}) === true`;

/** Undo inside a text field must undo its text, and not the last step of the document. */
export async function routeCommand(
  contents: WebContents,
  command: MenuCommand,
  toPage: (command: MenuCommand) => void,
): Promise<void> {
  if (isNativeEdit(command) && (await contents.executeJavaScript(isEditingText)) === true) {
    nativeEdits[command](contents);
  } else {
    toPage(command);
  }
}

function isNativeEdit(command: MenuCommand): command is keyof typeof nativeEdits {
  return Object.hasOwn(nativeEdits, command);
}
