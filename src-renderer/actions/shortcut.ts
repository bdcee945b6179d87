/** Keyboard shortcuts as text: `Mod+Shift+Z`, where Mod is Command on a Mac and Control elsewhere. */

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** Whether the key press is that shortcut, no modifier more and none less. */
export function matches(press: KeyPress, shortcut: string, isMac: boolean): boolean {
  const parts = shortcut.split('+');
  const key = parts.at(-1) ?? '';
  const has = (modifier: string) => parts.slice(0, -1).includes(modifier);
  const control = has('Ctrl') || (has('Mod') && !isMac);
  const command = has('Mod') && isMac;
  // `?` and `/` are typed with or without Shift depending on the keyboard.
  const isSymbol = /^[^a-z0-9]$/i.test(key);
  return (
    press.key.toLowerCase() === key.toLowerCase() &&
    press.ctrlKey === control &&
    press.metaKey === command &&
    press.altKey === has('Alt') &&
    (isSymbol || press.shiftKey === has('Shift'))
  );
}

/** Keys whose names are longer than what is printed on them. */
const keySymbols: Readonly<Record<string, string>> = { ArrowDown: '↓', ArrowUp: '↑' };

const macSymbols: Readonly<Record<string, string>> = {
  Mod: '⌘',
  Shift: '⇧',
  Alt: '⌥',
  Ctrl: '⌃',
  Delete: '⌦',
  Enter: '↩',
};

/** As it is shown: `Ctrl+Shift+Z`, on a Mac `⇧⌘Z`. */
export function showShortcut(shortcut: string, isMac: boolean): string {
  const parts = shortcut.split('+').map((part) => keySymbols[part] ?? part);
  if (isMac) return parts.map((part) => macSymbols[part] ?? part).join('');
  return parts.map((part) => (part === 'Mod' ? 'Ctrl' : part)).join('+');
}
