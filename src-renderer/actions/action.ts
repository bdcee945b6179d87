/** What can be asked of the window: one object each, for menus, buttons, keys and the command palette alike. */
import type { Text } from '@shared/texts/text';
import { actionTexts } from '@shared/texts/actions';
import type { Component } from 'svelte';

export type ActionId = keyof typeof actionTexts;

export type Icon = Component<{ size?: number; 'aria-hidden'?: 'true' }>;

export interface Action {
  readonly id: ActionId;
  readonly label: Text;
  readonly icon?: Icon;
  /** The first is shown; all work. */
  readonly shortcuts: readonly string[];
  /** Works while a text field has the keyboard, too. */
  readonly isGlobal: boolean;
  isEnabled(): boolean;
  run(): void | Promise<void>;
}

interface ActionOptions {
  readonly icon?: Icon;
  readonly shortcuts?: readonly string[];
  readonly isGlobal?: boolean;
  readonly isEnabled?: () => boolean;
  readonly run: () => void | Promise<void>;
}

export function defineAction(id: ActionId, options: ActionOptions): Action {
  return {
    id,
    label: actionTexts[id],
    shortcuts: [],
    isGlobal: false,
    isEnabled: () => true,
    ...options,
  };
}
