/** Blocks on the canvas and in the palette: opening and closing, packing, unpacking, renaming, deleting. */
import { expansionOf, isExpandable, openInputs } from '@shared/compile/expansion';
import type { Command } from '@shared/document/commands';
import type { DocumentDiff } from '@shared/document/diff';
import type { BlockGroup, ExposedParam, GraphDocument } from '@shared/document/types';
import type { Problem } from '@shared/problems/problem';
import { blockTexts } from '@shared/texts/blocks';
import type { Text } from '@shared/texts/text';
import { groupAround } from '../editing/frames';
import { roomAfterPacking, roomFor, roomWithout } from '../editing/room';
import type { DocumentState } from './documents.svelte';
import type { Editor } from './editor.svelte';
import type { InterfaceState } from './interface.svelte';
import type { PreferencesState } from './preferences.svelte';
import type { SelectionState } from './selection.svelte';

interface Parts {
  readonly documents: DocumentState;
  readonly editor: Editor;
  readonly selection: SelectionState;
  readonly interface: InterfaceState;
  readonly preferences: PreferencesState;
}

/** What a person says of a new block. */
export interface NewBlock {
  readonly name: string;
  readonly repeat: number;
  readonly exposed: readonly ExposedParam[];
}

export class BlocksState {
  readonly #parts: Parts;
  /** Id of the block in the palette whose menu was opened. */
  chosen = $state.raw<string | undefined>(undefined);

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The selected node, where it is one that can be opened. */
  get selectedBlock(): string | undefined {
    const { only } = this.#parts.selection;
    return only !== undefined && this.isBlock(only) ? only : undefined;
  }

  /** The innermost open block that a selected node is part of. */
  get selectedGroup(): BlockGroup | undefined {
    const [first] = this.#parts.selection.nodes;
    return first === undefined ? undefined : groupAround(this.#document, first);
  }

  isBlock(node: string): boolean {
    return isExpandable(this.#document, node);
  }

  /** Puts the parts in the place of the block and moves others aside, in one step of the history. */
  open(node: string): void {
    const name = this.#nameOf(node);
    const diff = this.#expand(node);
    if (diff === undefined) return;
    this.#selectFirst(Object.keys(diff.nodes.added));
    this.#announce(blockTexts.opened, name);
  }

  /** Puts the block back, and others where they were before it was opened. */
  close(group: BlockGroup): void {
    const moves = moveCommands(this.#document, roomWithout(this.#document, group));
    const collapse: Command = { kind: 'collapseGroup', group: group.id };
    const diff = this.#parts.editor.change({ kind: 'batch', commands: [collapse, ...moves] });
    if (diff === undefined) return;
    this.#selectFirst([group.node.id]);
    this.#announce(blockTexts.closed, group.node.name);
  }

  openSelected(): void {
    if (this.selectedBlock !== undefined) this.open(this.selectedBlock);
  }

  closeSelected(): void {
    if (this.selectedGroup !== undefined) this.close(this.selectedGroup);
  }

  /** The parts of a block stay as ordinary nodes: of one that is open, or of one that is opened for it. */
  unpack(): void {
    const { selectedBlock: node, selectedGroup: group } = this;
    if (node !== undefined) this.#unpackNode(node);
    else if (group !== undefined && this.#parts.editor.change({ kind: 'forgetGroup', group: group.id }))
      this.#announce(blockTexts.unpacked, group.node.name);
  }

  /** Makes a block of the selected nodes, or says why it cannot be made. */
  make({ name, repeat, exposed }: NewBlock): Problem | undefined {
    const nodes = [...this.#parts.selection.nodes];
    const inputs = openInputs(this.#document, nodes);
    const pack: Command = { kind: 'packNodes', nodes, name, repeat, exposed, openInputs: inputs };
    const moves = moveCommands(this.#document, roomAfterPacking(this.#document, nodes));
    const result = this.#parts.documents.execute({ kind: 'batch', commands: [pack, ...moves] });
    if (!result.ok) return result.error;
    this.#selectFirst(Object.keys(result.value.nodes.added));
    this.#announce(blockTexts.made, name);
    return undefined;
  }

  /** Renames the block in the palette that was chosen. */
  rename(block: string, name: string): Problem | undefined {
    const result = this.#parts.documents.execute({ kind: 'renameBlock', block, name: name.trim() });
    return result.ok ? undefined : result.error;
  }

  remove(block: string): void {
    this.#parts.editor.change({ kind: 'removeBlocks', blocks: [block] });
  }

  #unpackNode(node: string): void {
    const name = this.#nameOf(node);
    const gesture = this.#parts.documents.startGesture();
    const diff = this.#expand(node);
    for (const group of Object.keys(diff?.groups.added ?? {}))
      this.#parts.editor.change({ kind: 'forgetGroup', group });
    gesture.squash();
    if (diff === undefined) return;
    this.#parts.selection.select(Object.keys(diff.nodes.added));
    this.#announce(blockTexts.unpacked, name);
  }

  #expand(node: string): DocumentDiff | undefined {
    const { documents, editor } = this.#parts;
    const graph = expansionOf(documents.document, documents.analysis, node);
    if (!graph.ok) {
      const [first] = graph.error;
      if (first !== undefined) editor.refuse(first);
      return undefined;
    }
    const room = roomFor(documents.document, node, graph.value);
    const expand: Command = { kind: 'expandBlock', node, graph: room.graph };
    const moves = moveCommands(documents.document, room.positions);
    return editor.change({ kind: 'batch', commands: [expand, ...moves] });
  }

  #selectFirst(nodes: readonly string[]): void {
    const { documents, selection, editor } = this.#parts;
    const [first] = [...nodes].sort((a, b) => this.#orderOf(a) - this.#orderOf(b));
    selection.keepExisting(documents.document);
    if (first === undefined) return;
    selection.select([first]);
    editor.view.reveal(first);
  }

  #orderOf(node: string): number {
    return this.#parts.documents.analysis.order.indexOf(node);
  }

  #announce(text: Text, name: string): void {
    this.#parts.interface.announce(this.#parts.preferences.text(text, { name }));
  }

  #nameOf(node: string): string {
    return this.#document.nodes[node]?.name ?? node;
  }

  get #document(): GraphDocument {
    return this.#parts.documents.document;
  }
}

/** The command for those that really move, if any do. */
function moveCommands(
  document: GraphDocument,
  positions: ReturnType<typeof roomWithout>,
): readonly Command[] {
  const moved = Object.entries(positions).filter(([id, { x, y }]) => {
    const now = document.nodes[id]?.position;
    return now !== undefined && (now.x !== x || now.y !== y);
  });
  return moved.length === 0 ? [] : [{ kind: 'moveNodes', positions: Object.fromEntries(moved) }];
}
