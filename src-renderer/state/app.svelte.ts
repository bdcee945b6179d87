/** The window's state, put together; components find it by context. */
import type { Bridge } from '@shared/ipc/bridge';
import { datasets } from '@shared/datasets';
import { templates } from '@shared/templates';
import { trainingTexts } from '@shared/texts/training';
import type { Disposer } from '@shared/util/emitter';
import { createContext } from 'svelte';
import { type Actions, createActions } from '../actions/actions';
import { runMenuCommand } from '../actions/keys';
import type { ExportState } from '../export/export.svelte';
import type { ImportState } from '../import/import.svelte';
import { freshDocument } from '../editing/fresh-document';
import { type OpenEngine } from '../training/engine-link';
import { PredictionsState } from '../training/predictions.svelte';
import { TrainingRun } from '../training/run.svelte';
import { BlocksState } from './blocks.svelte';
import { ClipboardState } from './clipboard.svelte';
import { ConnectingState } from './connecting.svelte';
import { DocumentState } from './documents.svelte';
import { Editor } from './editor.svelte';
import { FoldersState } from './folders.svelte';
import { FileState } from './files.svelte';
import { InterfaceState } from './interface.svelte';
import { LibraryState } from './library.svelte';
import { PreferencesState } from './preferences.svelte';
import { SelectionState } from './selection.svelte';

/** What a new window shows. */
const firstTemplate = templates[0]?.id;

export class AppState {
  readonly bridge: Bridge;
  readonly preferences: PreferencesState;
  readonly folders = new FoldersState();
  readonly documents: DocumentState;
  readonly selection = new SelectionState();
  readonly interface = new InterfaceState();
  readonly editor: Editor;
  readonly blocks: BlocksState;
  readonly library: LibraryState;
  readonly clipboard: ClipboardState;
  readonly connecting: ConnectingState;
  readonly files: FileState;
  readonly run: TrainingRun;
  readonly predictions: PredictionsState;
  /** Made when the dialog is first opened: the exporters are loaded with it. */
  exports = $state.raw<ExportState | undefined>(undefined);
  /** Made when it is first asked for. */
  imports = $state.raw<ImportState | undefined>(undefined);
  readonly actions: Actions;
  version = $state('');
  isMac = $state(false);
  /** Data sets whose files are on this machine; all, until main has said which. */
  presentDatasets = $state.raw<ReadonlySet<string>>(new Set(datasets.map(({ id }) => id)));
  readonly #subscriptions: Disposer[];

  constructor(bridge: Bridge, openEngine: OpenEngine) {
    this.bridge = bridge;
    this.preferences = new PreferencesState((preferences) => void bridge.calls.setPreferences(preferences));
    this.documents = new DocumentState(freshDocument(firstTemplate, this.presentDatasets), this.folders);
    this.editor = new Editor(this);
    this.blocks = new BlocksState(this);
    this.library = new LibraryState(this);
    this.clipboard = new ClipboardState(this);
    this.connecting = new ConnectingState(this);
    const onReplaced = () => {
      this.selection.clear();
      this.editor.view.start();
    };
    this.files = new FileState({
      bridge,
      documents: this.documents,
      presentDatasets: () => this.presentDatasets,
      interface: this.interface,
      preferences: this.preferences,
      onReplaced,
    });
    this.run = new TrainingRun(openEngine, ({ precisions }) => {
      this.documents.possiblePrecisions = precisions;
    });
    this.predictions = new PredictionsState(this.run);
    this.actions = createActions(this);
    this.#subscriptions = this.#subscribe();
  }

  /** The first call to main: preferences, what is there, and a file named on the command line. */
  async start(): Promise<void> {
    const reply = await this.bridge.calls.start({});
    if (!reply.ok) {
      this.interface.open({ kind: 'failed', title: 'failedTitle', problem: reply.error });
      return;
    }
    const { preferences, version, platform, datasets: present, file, problem } = reply.value;
    this.preferences.load(preferences);
    this.version = version;
    this.isMac = platform === 'darwin';
    this.presentDatasets = new Set(present.filter(({ isPresent }) => isPresent).map(({ id }) => id));
    this.#choosePresentDataset();
    if (file !== undefined) this.files.load(file);
    else if (problem !== undefined) this.interface.open({ kind: 'failed', title: 'failedTitle', problem });
  }

  /** The first document was drawn before it was known which data sets are here. */
  #choosePresentDataset(): void {
    const { isDirty, settings } = this.documents;
    if (isDirty || this.presentDatasets.has(settings.dataset)) return;
    this.documents.open(freshDocument(firstTemplate, this.presentDatasets));
  }

  /** Asks an engine what lies in the folder that the settings name, unless that is known. */
  async lookAtFolder(): Promise<void> {
    const { dataset } = this.documents.settings;
    if (!this.folders.isUnknown(dataset)) return;
    this.folders.set(dataset, { kind: 'looking' });
    const reply = await this.run.inspectFolder(dataset);
    this.folders.set(
      dataset,
      reply.ok ? { kind: 'found', facts: reply.value } : { kind: 'refused', problem: reply.error },
    );
  }

  /** Lets the user choose a folder, looks into it and trains on it from now on; the same one is looked at anew. */
  async chooseImageFolder(): Promise<void> {
    const chosen = await this.bridge.calls.chooseImageFolder({});
    if (!chosen.ok) this.interface.open({ kind: 'failed', title: 'failedTitle', problem: chosen.error });
    if (!chosen.ok || chosen.value === null) return;
    const { path } = chosen.value;
    this.folders.forget(path);
    if (path !== this.documents.settings.dataset) {
      this.editor.execute({ kind: 'setTraining', setting: 'dataset', value: path });
    }
    await this.lookAtFolder();
  }

  /** Why training cannot start now, in words; undefined when it can. */
  get startRefusal(): string | undefined {
    const { preferences } = this;
    if (this.run.isActive) return preferences.text(trainingTexts.running);
    const [first, ...others] = this.documents.startProblems;
    if (first === undefined) return undefined;
    const { message } = preferences.problem(first);
    const reason =
      others.length === 0
        ? message
        : preferences.text(trainingTexts.andMore, { reason: message, count: others.length });
    return preferences.text(trainingTexts.cannotTrain, { reason });
  }

  async openExport(): Promise<void> {
    const { ExportState } = await import('../export/export.svelte');
    this.exports ??= new ExportState(this);
    this.exports.open();
    this.interface.open({ kind: 'export' });
  }

  /** Asks for a file of another program. */
  async openImport(): Promise<void> {
    const { ImportState } = await import('../import/import.svelte');
    this.imports ??= new ImportState(this);
    await this.imports.open();
  }

  async train(): Promise<void> {
    if (this.startRefusal !== undefined) return;
    this.predictions.clear();
    this.interface.show('training');
    await this.run.start(this.documents.document, this.documents.settings);
  }

  dispose(): void {
    for (const dispose of this.#subscriptions) dispose();
    this.interface.dispose();
    this.run.dispose();
    this.exports?.dispose();
  }

  #subscribe(): Disposer[] {
    const { events } = this.bridge;
    return [
      events.menuCommand(({ command }) => runMenuCommand(this, command)),
      events.closeRequested(() => void this.files.closeWindow()),
      events.fileOpened((file) => void this.files.openHanded(file)),
      events.engineExited((exit) => this.run.engineExited(exit)),
    ];
  }
}

const [getApp, setApp] = createContext<AppState>();
export { getApp, setApp };
