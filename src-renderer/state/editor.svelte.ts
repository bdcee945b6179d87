/** Everything that a person does to the network, as commands on the document plus what is selected afterwards. */
import { BLOCK_TYPE } from '@shared/document/blocks';
import type { Command } from '@shared/document/commands';
import type { Endpoint, Position } from '@shared/document/types';
import { OUTPUT_PORT } from '@shared/document/ports';
import { wireKey } from '@shared/document/types';
import type { DocumentDiff } from '@shared/document/diff';
import { inputPortNames } from '@shared/nodes';
import type { NodeDefinition } from '@shared/nodes/define';
import { definitionOf } from '@shared/nodes/resolve';
import type { Fix, Problem } from '@shared/problems/problem';
import { canvasTexts } from '@shared/texts/canvas';
import { appTexts } from '@shared/texts/app';
import { arrange } from '@shared/layout/arrange';
import { placeFor } from '../editing/place';
import { type CopiedNodes, copyNodes } from '../editing/clipboard';
import type { NodeKind } from '../components/dragged';
import { canConnect, fitsOnWire, freeInput, typeOf } from '../editing/connections';
import type { DocumentState } from './documents.svelte';
import type { AddTarget, InterfaceState } from './interface.svelte';
import type { PreferencesState } from './preferences.svelte';
import type { SelectionState } from './selection.svelte';
import { absentView, type CanvasView, defaultNodeSize } from './view';

const pasteStep = 32;

interface Parts {
  readonly documents: DocumentState;
  readonly selection: SelectionState;
  readonly interface: InterfaceState;
  readonly preferences: PreferencesState;
}

export class Editor {
  readonly #parts: Parts;
  view: CanvasView = absentView;
  /** What was copied last in this window, for menus that may not read the system's clipboard. */
  copied: CopiedNodes | undefined;
  #pastes = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Runs a command; a refusal is shown in words. Ids that it added come back. */
  execute(command: Command): readonly string[] {
    return Object.keys(this.change(command)?.nodes.added ?? {});
  }

  /** Runs a command; a refusal is shown in words, and undefined comes back. */
  change(command: Command): DocumentDiff | undefined {
    const result = this.#parts.documents.execute(command);
    if (result.ok) return result.value;
    this.refuse(result.error);
    return undefined;
  }

  /** Says why something was not done: shortly, or as a question where something can be done about it. */
  refuse(problem: Problem): void {
    if ((problem.fixes ?? []).length > 0) this.#parts.interface.open({ kind: 'fixable', problem });
    else this.#parts.interface.notify(this.#parts.preferences.problem(problem).message);
  }

  /** Mends a problem, in one step of the history. */
  applyFix({ commands }: Fix): void {
    const diff = this.change({ kind: 'batch', commands });
    if (diff === undefined) return;
    this.#parts.selection.keepExisting(this.#document);
    const names = Object.values(diff.nodes.added).map(({ name }) => name);
    this.#announce(this.#parts.preferences.text(canvasTexts.added, { name: names.join(', ') }));
  }

  undo(): void {
    this.#parts.documents.undo();
    this.#parts.selection.keepExisting(this.#document);
    this.#announce(this.#parts.preferences.text(appTexts.undone));
  }

  redo(): void {
    this.#parts.documents.redo();
    this.#parts.selection.keepExisting(this.#document);
    this.#announce(this.#parts.preferences.text(appTexts.redone));
  }

  /** Where a node added now would belong: into the selected wire, after the selected node, or freely. */
  get addTarget(): AddTarget {
    const { onlyWire, only } = this.#parts.selection;
    const wire = onlyWire === undefined ? undefined : this.#document.wires[onlyWire];
    if (wire !== undefined) return { kind: 'wire', to: wire.to };
    const hasOutput = only !== undefined && typeOf(this.#document, only)?.hasOutput;
    return hasOutput ? { kind: 'after', from: [only, OUTPUT_PORT] } : { kind: 'free' };
  }

  /** Adds a node and joins it to its target in one step of the history; selects it. */
  addNode(kind: NodeKind | string, target: AddTarget = this.addTarget): string | undefined {
    const { type, params } = typeof kind === 'string' ? { type: kind, params: {} } : kind;
    const definition = definitionOf(this.#document, { type, params });
    if (definition === undefined) return undefined;
    const gesture = this.#parts.documents.startGesture();
    const node = { type, params, ...nameOf(definition) };
    const [id] =
      target.kind === 'wire' && fitsOnWire(definition)
        ? this.#insert(definition, node, target)
        : this.execute({ kind: 'addNode', ...node, position: this.#placeFor(target) });
    if (id === undefined) return undefined;
    if (target.kind === 'after') this.#connectIfPossible(target.from, freeInput(this.#document, id));
    if (target.kind === 'before') this.#connectIfPossible([id, OUTPUT_PORT], target.to);
    gesture.squash();
    this.#parts.selection.select([id]);
    this.view.reveal(id);
    const name = this.#document.nodes[id]?.name ?? id;
    this.#announce(this.#parts.preferences.text(canvasTexts.added, { name }));
    return id;
  }

  /** Puts an existing, unwired node into a wire. */
  moveOntoWire(node: string, to: Endpoint): void {
    const wire = this.#document.wires[wireKey(to)];
    const input = freeInput(this.#document, node);
    if (wire === undefined || input === undefined) return;
    this.execute({
      kind: 'batch',
      commands: [
        { kind: 'connect', from: wire.from, to: input },
        { kind: 'connect', from: [node, OUTPUT_PORT], to },
      ],
    });
  }

  connect(from: Endpoint, to: Endpoint): boolean {
    if (!canConnect(this.#document, from, to)) return false;
    this.execute({ kind: 'connect', from, to });
    const nameOf = (id: string) => this.#document.nodes[id]?.name ?? id;
    const names = { from: nameOf(from[0]), to: nameOf(to[0]) };
    this.#announce(this.#parts.preferences.text(canvasTexts.connected, names));
    return true;
  }

  /** Moves the far end of a wire to another port, in one step. */
  reconnect(previous: Endpoint, from: Endpoint, to: Endpoint): void {
    const moved: Command = { kind: 'connect', from, to };
    const isSamePort = wireKey(previous) === wireKey(to);
    // Connected first: taking a wire from a numbered port closes the gap and would rename the ports after it.
    const away: Command = { kind: 'disconnect', to: previous };
    this.execute(isSamePort ? moved : { kind: 'batch', commands: [moved, away] });
  }

  disconnect(to: Endpoint): void {
    this.execute({ kind: 'disconnect', to });
  }

  deleteSelection(heal = false): void {
    const { nodes, wires } = this.#parts.selection;
    const loose = [...wires].flatMap((key) => {
      const wire = this.#document.wires[key];
      return wire === undefined || nodes.has(wire.from[0]) || nodes.has(wire.to[0]) ? [] : [wire.to];
    });
    const commands: Command[] = loose.map((to) => ({ kind: 'disconnect', to }));
    if (nodes.size > 0) commands.push({ kind: 'removeNodes', nodes: [...nodes], heal });
    if (commands.length === 0) return;
    this.execute({ kind: 'batch', commands });
    this.#parts.selection.keepExisting(this.#document);
    const count = nodes.size + loose.length;
    this.#announce(this.#parts.preferences.text(canvasTexts.deleted, { count }));
  }

  rename(node: string, name: string): void {
    const trimmed = name.trim();
    if (trimmed === '' || trimmed === this.#document.nodes[node]?.name) return;
    this.execute({ kind: 'renameNode', node, name: trimmed });
  }

  moveTo(positions: Readonly<Record<string, Position>>): void {
    const changed = Object.entries(positions).filter(([id, { x, y }]) => {
      const position = this.#document.nodes[id]?.position;
      return position !== undefined && (position.x !== x || position.y !== y);
    });
    if (changed.length > 0) this.execute({ kind: 'moveNodes', positions: Object.fromEntries(changed) });
  }

  moveSelectionBy(dx: number, dy: number): void {
    const moved = [...this.#parts.selection.nodes].flatMap((id) => {
      const position = this.#document.nodes[id]?.position;
      return position === undefined ? [] : [[id, { x: position.x + dx, y: position.y + dy }] as const];
    });
    this.moveTo(Object.fromEntries(moved));
  }

  arrange(): void {
    if (Object.keys(this.#document.nodes).length === 0) return;
    this.moveTo(arrange(this.#document, (id) => this.view.sizeOf(id)));
    this.view.start();
  }

  selectAll(): void {
    this.#parts.selection.select(Object.keys(this.#document.nodes), Object.keys(this.#document.wires));
  }

  copy(): CopiedNodes | undefined {
    if (this.#parts.selection.nodes.size === 0) return undefined;
    this.copied = copyNodes(this.#document, this.#parts.selection.nodes);
    this.#pastes = 0;
    const count = this.copied.nodes.length;
    this.#parts.interface.notify(this.#parts.preferences.text(appTexts.copied, { count }));
    return this.copied;
  }

  /** Copies under new names, a little below and beside the originals; each further paste a little further. */
  paste(copied: CopiedNodes): void {
    this.#pastes += 1;
    const offset = { x: pasteStep * this.#pastes, y: pasteStep * this.#pastes };
    const added = this.execute({ kind: 'paste', ...copied, offset });
    if (added.length > 0) this.#parts.selection.select(added);
  }

  duplicate(): void {
    if (this.#parts.selection.nodes.size === 0) return;
    const { nodes, wires } = copyNodes(this.#document, this.#parts.selection.nodes);
    const added = this.execute({ kind: 'paste', nodes, wires, offset: { x: pasteStep, y: pasteStep } });
    if (added.length > 0) this.#parts.selection.select(added);
  }

  get #document() {
    return this.#parts.documents.document;
  }

  #announce(message: string): void {
    this.#parts.interface.announce(message);
  }

  #insert(
    definition: NodeDefinition,
    node: NodeKind & { readonly name?: string },
    { to, position: wanted }: Extract<AddTarget, { kind: 'wire' }>,
  ): readonly string[] {
    const wire = this.#document.wires[wireKey(to)];
    const from = this.#document.nodes[wire?.from[0] ?? '']?.position;
    const end = this.#document.nodes[to[0]]?.position;
    const between =
      from === undefined || end === undefined
        ? this.view.centre()
        : { x: (from.x + end.x) / 2, y: (from.y + end.y) / 2 };
    const position = wanted === undefined ? between : topLeft(wanted);
    const [input] = inputPortNames(definition, 0);
    return this.execute({
      kind: 'insertOnWire',
      to,
      ...node,
      position,
      ...(input && { input }),
    });
  }

  #placeFor(target: AddTarget): Position {
    const sizeOf = (id: string) => this.view.sizeOf(id);
    if (target.position !== undefined) return topLeft(target.position);
    const after = target.kind === 'after' ? target.from[0] : undefined;
    return placeFor(this.#document, sizeOf, defaultNodeSize, { after, wanted: this.view.centre() });
  }

  #connectIfPossible(from: Endpoint, to: Endpoint | undefined): void {
    if (to !== undefined && canConnect(this.#document, from, to)) this.execute({ kind: 'connect', from, to });
  }
}

/** Nodes of a user's block begin with its name, as those that were packed do. */
function nameOf({ type, title }: NodeDefinition): { readonly name?: string } {
  return type === BLOCK_TYPE ? { name: title.en } : {};
}

/** A node dropped at a point is held by its middle. */
function topLeft({ x, y }: Position): Position {
  return { x: Math.round(x - defaultNodeSize.width / 2), y: Math.round(y - defaultNodeSize.height / 2) };
}
