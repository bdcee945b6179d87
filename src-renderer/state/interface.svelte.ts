/** What of the window is open at the moment: panels, dialogs, palettes, menus and notices. */
import { SvelteMap } from 'svelte/reactivity';
import type { Endpoint, Position } from '@shared/document/types';
import type { Problem } from '@shared/problems/problem';

export type DockTab = 'training' | 'predictions' | 'problems';

export type UnsavedAnswer = 'save' | 'discard' | 'cancel';

/** Names of texts. */
type FailureTitle = 'notSavedTitle' | 'notImportedTitle' | 'failedTitle';

export type OpenDialog =
  | { readonly kind: 'new' }
  | { readonly kind: 'recent' }
  | { readonly kind: 'export' }
  | { readonly kind: 'import' }
  | { readonly kind: 'shortcuts' }
  | { readonly kind: 'commands' }
  | { readonly kind: 'unsaved'; readonly answer: (answer: UnsavedAnswer) => void }
  | { readonly kind: 'refused'; readonly name: string; readonly problem: Problem }
  | { readonly kind: 'repaired'; readonly name: string; readonly repairs: readonly Problem[] }
  | { readonly kind: 'failed'; readonly title: FailureTitle; readonly problem: Problem }
  /** Something that was refused and can be mended with one press. */
  | { readonly kind: 'fixable'; readonly problem: Problem }
  | { readonly kind: 'makeBlock' }
  | { readonly kind: 'renameBlock'; readonly block: string }
  /** Search for a node to add: where, and what it is to be joined to. */
  | { readonly kind: 'nodes'; readonly target: AddTarget };

export type AddTarget =
  | { readonly kind: 'free'; readonly position?: Position }
  | { readonly kind: 'after'; readonly from: Endpoint; readonly position?: Position }
  | { readonly kind: 'before'; readonly to: Endpoint; readonly position?: Position }
  | { readonly kind: 'wire'; readonly to: Endpoint; readonly position?: Position };

export interface ContextMenu {
  readonly on: 'node' | 'wire' | 'pane' | 'block';
  readonly x: number;
  readonly y: number;
}

export const dockLimits = { minimum: 120, maximum: 560, initial: 264 } as const;

const noticeMilliseconds = 3500;

export class InterfaceState {
  dialog = $state.raw<OpenDialog | undefined>(undefined);
  contextMenu = $state.raw<ContextMenu | undefined>(undefined);
  dockTab = $state<DockTab>('training');
  dockHeight = $state<number>(dockLimits.initial);
  /** The node whose name is being edited on the canvas. */
  renaming = $state.raw<string | undefined>(undefined);
  /** A short message, shown and read out; gone after a while. */
  notice = $state.raw<string | undefined>(undefined);
  /** Read out only. */
  announcement = $state.raw('');
  /** A mistake of ours that reached the window: never a blank page. */
  crash = $state.raw<string | undefined>(undefined);
  /** Groups of settings that the user opened or closed, by id; the others are as they come. */
  readonly unfolded = new SvelteMap<string, boolean>();
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;

  open(dialog: OpenDialog): void {
    this.contextMenu = undefined;
    this.dialog = dialog;
  }

  close(): void {
    this.dialog = undefined;
  }

  show(tab: DockTab): void {
    this.dockTab = tab;
    this.dockHeight = Math.max(this.dockHeight, 200);
  }

  setDockHeight(height: number): void {
    this.dockHeight = Math.round(Math.min(dockLimits.maximum, Math.max(dockLimits.minimum, height)));
  }

  notify(message: string): void {
    this.notice = message;
    clearTimeout(this.#noticeTimer);
    this.#noticeTimer = setTimeout(() => (this.notice = undefined), noticeMilliseconds);
  }

  announce(message: string): void {
    this.announcement = message;
  }

  dispose(): void {
    clearTimeout(this.#noticeTimer);
  }
}
