/** The import dialog's state: what the file holds, what is to be taken of it, and taking it. */
import { parseDocument } from '@shared/document/parse';
import { serialiseDocument } from '@shared/document/serialise';
import type { AppContract } from '@shared/ipc/app.contract';
import type { Bridge } from '@shared/ipc/bridge';
import type { Reply } from '@shared/ipc/contract';
import type { Problem } from '@shared/problems/problem';
import { importTexts } from '@shared/texts/import';
import { parseTraining } from '@shared/training/settings';
import type { DocumentState } from '../state/documents.svelte';
import type { FileState } from '../state/files.svelte';
import type { InterfaceState } from '../state/interface.svelte';
import type { PreferencesState } from '../state/preferences.svelte';
import type { TrainingRun } from '../training/run.svelte';

interface Parts {
  readonly bridge: Bridge;
  readonly documents: DocumentState;
  readonly files: FileState;
  readonly interface: InterfaceState;
  readonly preferences: PreferencesState;
  readonly run: TrainingRun;
}

export type ImportedFile = NonNullable<Reply<AppContract, 'importFile'>>;

export class ImportState {
  readonly #parts: Parts;
  file = $state.raw<ImportedFile | undefined>(undefined);
  choice = $state<'network' | 'weights'>('network');
  isBusy = $state(false);

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get canTakeNetwork(): boolean {
    return this.file?.network !== undefined;
  }

  /** Some of the file's weights fit the open document. */
  get canTakeWeights(): boolean {
    return this.file?.weights?.some(({ outcome }) => outcome === 'kept') === true;
  }

  get canTake(): boolean {
    return this.choice === 'network' ? this.canTakeNetwork : this.canTakeWeights;
  }

  /** Asks for a file and shows what it holds; one that cannot be read leaves everything as it is. */
  async open(): Promise<void> {
    const { bridge, documents, interface: ui, run } = this.#parts;
    if (this.isBusy || run.isActive) return;
    this.isBusy = true;
    const reply = await bridge.calls.importFile({ document: serialiseDocument(documents.document) });
    this.isBusy = false;
    if (!reply.ok) this.#fail(reply.error);
    else if (reply.value !== null) {
      this.file = reply.value;
      this.choice = this.canTakeNetwork ? 'network' : 'weights';
      ui.open({ kind: 'import' });
    }
  }

  /** Takes what was chosen; weights become a run that was never trained. */
  async take(): Promise<void> {
    const { file } = this;
    if (file === undefined || this.isBusy || !this.canTake) return;
    this.isBusy = true;
    const isTaken = this.choice === 'network' ? await this.#takeNetwork(file) : await this.#takeWeights(file);
    this.isBusy = false;
    if (isTaken) this.file = undefined;
  }

  async #takeNetwork(file: ImportedFile): Promise<boolean> {
    const { files, interface: ui, preferences } = this.#parts;
    const parsed = parseDocument(file.network?.document ?? '');
    if (!parsed.ok) {
      this.#fail(parsed.error);
      return false;
    }
    const name = file.name.replace(/\.[^.]+$/, '.loom');
    if (!(await files.openImported(parsed.value.document, name))) return false;
    ui.notify(preferences.text(importTexts.imported, { name: file.name }));
    return file.tensors === 0 || this.#loadWeights(file, true);
  }

  async #takeWeights(file: ImportedFile): Promise<boolean> {
    this.#parts.interface.close();
    return this.#loadWeights(file, false);
  }

  async #loadWeights({ id, name }: ImportedFile, isOfFile: boolean): Promise<boolean> {
    const { documents, interface: ui, preferences, run } = this.#parts;
    const { document } = documents;
    const { settings } = parseTraining(document.training);
    const loaded = await run.load(document, settings, { id, name, isOfFile });
    if (!loaded.ok) {
      this.#fail(loaded.error);
      return false;
    }
    ui.show('training');
    const { kept, total } = loaded.value;
    ui.notify(preferences.text(importTexts.loaded, { kept, total, name }));
    return true;
  }

  #fail(problem: Problem): void {
    this.#parts.interface.open({ kind: 'failed', title: 'notImportedTitle', problem });
  }
}
