/** Files of blocks: taking them into the document, and writing blocks of the document to a file. */
import { blocksUsedBy, BLOCK_TYPE } from '@shared/document/blocks';
import { parseBlocks, serialiseBlocks } from '@shared/document/library';
import type { Bridge } from '@shared/ipc/bridge';
import { blockTexts } from '@shared/texts/blocks';
import type { DocumentState } from './documents.svelte';
import type { Editor } from './editor.svelte';
import type { InterfaceState } from './interface.svelte';
import type { PreferencesState } from './preferences.svelte';

interface Parts {
  readonly bridge: Bridge;
  readonly documents: DocumentState;
  readonly editor: Editor;
  readonly interface: InterfaceState;
  readonly preferences: PreferencesState;
}

export class LibraryState {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Asks for a file and takes its blocks in, in one step of the history. */
  async read(): Promise<void> {
    const opened = await this.#parts.bridge.calls.openFile({ content: 'blocks' });
    if (!opened.ok) {
      this.#parts.interface.open({ kind: 'failed', title: 'failedTitle', problem: opened.error });
      return;
    }
    if (opened.value === null) return;
    const { name, text } = opened.value;
    const parsed = parseBlocks(text);
    if (!parsed.ok) {
      this.#parts.interface.open({ kind: 'failed', title: 'failedTitle', problem: parsed.error });
      return;
    }
    const { blocks, repairs } = parsed.value;
    if (this.#parts.editor.change({ kind: 'addBlocks', blocks }) === undefined) return;
    if (repairs.length > 0) this.#parts.interface.open({ kind: 'repaired', name, repairs });
    else this.#notify(blockTexts.imported, Object.keys(blocks).length, name);
  }

  /** Asks for a name and writes the blocks, with those that they contain. */
  async write(ids: readonly string[]): Promise<void> {
    const { documents, preferences, interface: ui } = this.#parts;
    const named = ids.map((block) => ({ type: BLOCK_TYPE, params: { block } }));
    const blocks = blocksUsedBy(documents.document.blocks, named);
    const [only] = ids.length === 1 ? ids : [];
    const title = documents.document.blocks[only ?? '']?.name ?? preferences.text(blockTexts.library);
    const saved = await this.#parts.bridge.calls.saveFile({
      path: null,
      suggestedName: `${title}.loom`,
      text: serialiseBlocks(blocks),
      content: 'blocks',
    });
    if (!saved.ok) ui.open({ kind: 'failed', title: 'failedTitle', problem: saved.error });
    else if (saved.value !== null)
      this.#notify(blockTexts.exported, Object.keys(blocks).length, saved.value.name);
  }

  #notify(text: typeof blockTexts.imported | typeof blockTexts.exported, count: number, name: string): void {
    this.#parts.interface.notify(this.#parts.preferences.text(text, { count, name }));
  }
}
