/** The export dialog's state: what is exported to which format, what stands in the way, and how far it has come. */
import { serialiseDocument } from '@shared/document/serialise';
import type { GraphDocument } from '@shared/document/types';
import { allTargets } from '@shared/export';
import { exportModelOf } from '@shared/export/build-model';
import { type AnyTarget, isDrawing, supportProblems } from '@shared/export/target';
import type { Bridge } from '@shared/ipc/bridge';
import type { ExportProgress, ExportReply } from '@shared/ipc/export-messages';
import { parseParams } from '@shared/params/fields';
import { type Problem, problem } from '@shared/problems/problem';
import type { Disposer } from '@shared/util/emitter';
import { required } from '@shared/util/assert';
import type { Json, JsonObject } from '@shared/util/json';
import type { DocumentState } from '../state/documents.svelte';
import type { SelectionState } from '../state/selection.svelte';
import type { TrainingRun } from '../training/run.svelte';

interface Parts {
  readonly bridge: Bridge;
  readonly documents: DocumentState;
  readonly selection: SelectionState;
  readonly run: TrainingRun;
  readonly files: { readonly name: string };
}

export type Outcome = ExportReply | { readonly kind: 'failed'; readonly problem: Problem };

export class ExportState {
  readonly #parts: Parts;
  readonly #stopListening: Disposer;
  target = $state.raw<AnyTarget>(required(allTargets[0], 'the first export target'));
  #raw = $state.raw<Readonly<Record<string, JsonObject>>>({});
  source = $state<'run' | 'document'>('document');
  wantsCheck = $state(true);
  wantsSelection = $state(false);
  isRunning = $state(false);
  progress = $state.raw<ExportProgress | undefined>(undefined);
  /** How the last export ended; undefined before the first. */
  outcome = $state.raw<Outcome | undefined>(undefined);
  #model = $derived.by(() => exportModelOf(this.document, this.#parts.files.name));
  readonly problems = $derived.by(() => this.#problems());

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#stopListening = parts.bridge.events.exportProgress((progress) => (this.progress = progress));
  }

  /** The dialog opens: format and options stay as they were chosen last. */
  open(): void {
    if (this.isRunning) return;
    this.outcome = undefined;
    this.source = this.hasRun && !this.isEdited ? 'run' : 'document';
    this.wantsSelection = this.#parts.selection.nodes.size > 1;
  }

  choose(target: AnyTarget): void {
    this.target = target;
    if (!isDrawing(target) && target.needsRun === true && this.hasRun) this.source = 'run';
  }

  /** A run of this window that has a checkpoint. */
  get hasRun(): boolean {
    return this.#parts.run.exportable !== undefined;
  }

  get isDrawing(): boolean {
    return isDrawing(this.target);
  }

  /** The network is another one than that which was trained. */
  get isEdited(): boolean {
    const trained = this.#parts.run.started?.document;
    return trained !== undefined && networkText(trained) !== networkText(this.#parts.documents.document);
  }

  get document(): GraphDocument {
    const trained = this.#parts.run.started?.document;
    const isTrained = this.source === 'run' && !this.isDrawing && trained !== undefined;
    return isTrained ? trained : this.#parts.documents.document;
  }

  get options(): JsonObject {
    return this.#raw[this.target.id] ?? {};
  }

  setOption(name: string, value: Json): void {
    this.#raw = { ...this.#raw, [this.target.id]: { ...this.options, [name]: value } };
  }

  optionProblem(name: string): Problem | undefined {
    return this.#optionProblems().find(({ param }) => param === name);
  }

  /** Asks where to, and exports. */
  async start(): Promise<void> {
    if (this.isRunning || this.problems.length > 0) return;
    this.isRunning = true;
    this.progress = undefined;
    this.outcome = undefined;
    const { bridge, files, selection, run } = this.#parts;
    const { exportable } = run;
    const isRun = this.source === 'run' && !this.isDrawing && exportable !== undefined;
    const reply = await bridge.calls.exportModel({
      target: this.target.id,
      options: this.options,
      source: isRun
        ? { kind: 'run', engine: exportable.engine }
        : { kind: 'document', text: serialiseDocument(this.document) },
      name: files.name,
      check: this.wantsCheck && this.target.check !== undefined,
      ...(this.isDrawing && this.wantsSelection && { selection: [...selection.nodes] }),
    });
    this.isRunning = false;
    if (!reply.ok) this.outcome = { kind: 'failed', problem: reply.error };
    else if (reply.value !== null) this.outcome = reply.value;
  }

  async cancel(): Promise<void> {
    if (this.isRunning) await this.#parts.bridge.calls.cancelExport({});
  }

  async show(path: string): Promise<void> {
    await this.#parts.bridge.calls.showExport({ path });
  }

  dispose(): void {
    this.#stopListening();
  }

  #optionProblems(): readonly Problem[] {
    const { issues } = parseParams(this.target.options, this.options);
    return issues.map(({ param, issue }) => problem(issue.code, issue.args, { param }));
  }

  #problems(): readonly Problem[] {
    const { target } = this;
    const options = this.#optionProblems();
    if (isDrawing(target)) {
      const isEmpty = Object.keys(this.document.nodes).length === 0;
      return isEmpty ? [problem('export/nothing-drawn'), ...options] : options;
    }
    if (target.needsRun === true && (this.source !== 'run' || !this.hasRun))
      return [problem('export/no-run', { target: target.id }), ...options];
    const model = this.#model;
    if (!model.ok) return [...model.error, ...options];
    const { values } = parseParams(target.options, this.options);
    return [...supportProblems(target, model.value, values), ...options];
  }
}

/** What of a document decides its weights and shapes: not where nodes stand, nor how long it trains. */
function networkText({ nodes, wires, blocks }: GraphDocument): string {
  const plain = Object.values(nodes).map(({ id, type, name, params }) => [id, type, name, params]);
  return JSON.stringify([plain, Object.keys(wires).map((key) => [key, wires[key]?.from]), blocks]);
}
