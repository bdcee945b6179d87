/** A window without Electron: a bridge that answers from memory, and engines at the other end of a port pair. */
import type { ImageFolderFacts } from '@shared/datasets/image-folder';
import type { OpenedFile } from '@shared/ipc/app.contract';
import type { Bridge } from '@shared/ipc/bridge';
import type { EventPayload, Reply, Request } from '@shared/ipc/contract';
import type { AppContract, WeightsSource } from '@shared/ipc/app.contract';
import { engineContract, type EngineContract } from '@shared/ipc/engine.contract';
import { connect, serve, type Server } from '@shared/ipc/rpc';
import { problem, type Problem } from '@shared/problems/problem';
import { Emitter } from '@shared/util/emitter';
import type { Precision } from '@shared/training/precision';
import { failure, type Result, success } from '@shared/util/result';
import { AppState } from '../../src-renderer/state/app.svelte';
import type { OpenEngine } from '../../src-renderer/training/engine-link';
import { portPair } from '../shared/ipc/port-pair';

type Events = { [N in keyof AppContract['events']]: Emitter<EventPayload<AppContract, N>> };

/** What main was asked, and what it is to answer. */
export class FakeMain {
  readonly events: Events = {
    menuCommand: new Emitter(),
    closeRequested: new Emitter(),
    fileOpened: new Emitter(),
    engineExited: new Emitter(),
    exportProgress: new Emitter(),
  };
  readonly asked: string[] = [];
  toOpen: OpenedFile | null = null;
  /** The folder that the dialog gives; null is a cancelled one. */
  toChoose: string | null = null;
  saved: { path: string | null; text: string }[] = [];
  /** Where a save without a path goes; null is a cancelled dialog. */
  savePath: string | null = '/home/me/net.loom';
  exported: Request<AppContract, 'exportModel'>[] = [];
  exportReply: Reply<AppContract, 'exportModel'> = null;
  imported: Reply<AppContract, 'importFile'> = null;
  isDiskFull = false;
  presentDatasets = ['mnist', 'fashion-mnist'];

  readonly bridge: Bridge = {
    calls: {
      start: () =>
        this.#answer('start', {
          preferences: { locale: 'en', theme: 'light' },
          version: '0.0.0',
          platform: 'linux',
          datasets: ['mnist', 'fashion-mnist'].map((id) => ({
            id,
            isPresent: this.presentDatasets.includes(id),
          })),
        }),
      setPreferences: () => this.#answer('setPreferences', {}),
      openFile: () => this.#answer('openFile', this.toOpen),
      chooseImageFolder: () =>
        this.#answer('chooseImageFolder', this.toChoose === null ? null : { path: this.toChoose }),
      openRecent: ({ path }) => this.#answer('openRecent', this.toOpen ?? { path, name: 'x', text: '' }),
      recentFiles: () => this.#answer('recentFiles', []),
      saveFile: ({ path, text }) => {
        this.saved.push({ path, text });
        const target = path ?? this.savePath;
        if (this.isDiskFull) {
          this.asked.push('saveFile');
          return Promise.resolve(
            failure(problem('file/cannot-write', { path: target ?? '', reason: 'ENOSPC' })),
          );
        }
        return this.#answer(
          'saveFile',
          target === null ? null : { path: target, name: target.split('/').at(-1) ?? '' },
        );
      },
      setDocumentState: () => this.#answer('setDocumentState', {}),
      closeWindow: () => this.#answer('closeWindow', {}),
      openEngine: () => this.#answer('openEngine', { engine: 1 }),
      endEngine: () => this.#answer('endEngine', {}),
      exportModel: (request) => {
        this.exported.push(request);
        return this.#answer('exportModel', this.exportReply);
      },
      importFile: () => this.#answer('importFile', this.imported),
      cancelExport: () => this.#answer('cancelExport', {}),
      showExport: ({ path }) => this.#answer(`showExport ${path}`, {}),
    },
    events: {
      menuCommand: (listener) => this.events.menuCommand.on(listener),
      closeRequested: (listener) => this.events.closeRequested.on(listener),
      fileOpened: (listener) => this.events.fileOpened.on(listener),
      engineExited: (listener) => this.events.engineExited.on(listener),
      exportProgress: (listener) => this.events.exportProgress.on(listener),
    },
  };

  #answer<T>(call: string, value: T) {
    this.asked.push(call);
    return Promise.resolve(success(value));
  }
}

/** Engines that do what the test says, over the real contract. */
export class FakeEngines {
  readonly opened: {
    readonly server: Server<EngineContract>;
    isEnded: boolean;
    documents: string[];
    stops: number;
  }[] = [];

  /** What image folders hold, by path. */
  folders: Record<string, Result<ImageFolderFacts, Problem>> = {};

  /** What the device of engines that are opened from now on can do. */
  precisions: readonly Precision[] = ['fp32'];

  /** What each engine that was asked for with weights may read. */
  readonly weights: WeightsSource[] = [];

  readonly open: OpenEngine = (weights) => {
    if (weights !== undefined) this.weights.push(weights);
    const [near, far] = portPair();
    const state = { isEnded: false, documents: [] as string[], stops: 0 };
    const server = serve(engineContract, far, {
      describe: () =>
        success({
          runtime: 'tfjs-node' as const,
          tfjsVersion: '4',
          tensorflowVersion: '2',
          device: 'CPU',
          precisions: this.precisions,
        }),
      train: ({ document }) => {
        state.documents.push(document);
        return success({
          totalSteps: 100,
          stepsPerEpoch: 50,
          trainSamples: 3200,
          testSamples: 100,
          classNames: ['0'],
        });
      },
      resume: () => failure(problem('run/nothing-trained')),
      stop: () => {
        state.stops += 1;
        return success({ acknowledged: true as const });
      },
      inspectFolder: ({ path }) => this.folders[path] ?? failure(problem('data/folder-missing', { path })),
      predictTest: () => success({ total: 0, wrong: 0, width: 28, height: 28, channels: 1, images: [] }),
      restore: () => failure(problem('run/nothing-trained')),
      readImport: () => failure(problem('run/nothing-trained')),
      matchImport: () => failure(problem('run/nothing-trained')),
      takeImport: ({ document }) => {
        state.documents.push(document);
        return success({ rows: [{ weight: 'dense_1/kernel', outcome: 'kept' as const }] });
      },
      evaluate: () => failure(problem('run/nothing-trained')),
      predictImages: () => failure(problem('run/nothing-trained')),
      exportModel: () => failure(problem('run/nothing-trained')),
      cancelExport: () => success({ acknowledged: true as const }),
      benchmark: () => failure(problem('run/busy')),
      usage: () => success({ peakBytes: 1 }),
    });
    const engine = this.opened.length + 1;
    this.opened.push(Object.assign(state, { server }));
    const client = connect(engineContract, near);
    const end = () => {
      state.isEnded = true;
      client.dispose();
    };
    return Promise.resolve(success({ engine, client, end }));
  };

  get last() {
    const last = this.opened.at(-1);
    if (last === undefined) throw new Error('no engine was opened');
    return last;
  }
}

export function makeApp(): { app: AppState; main: FakeMain; engines: FakeEngines } {
  const main = new FakeMain();
  const engines = new FakeEngines();
  return { app: new AppState(main.bridge, engines.open), main, engines };
}

/** Lets everything that is under way arrive: messages cross a port pair in microtasks. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 30; i++) await Promise.resolve();
}

/** The id of the node with that name. */
export function idOf(app: AppState, name: string): string {
  const found = Object.values(app.documents.document.nodes).find((node) => node.name === name);
  if (found === undefined) throw new Error(`no node is called ${name}`);
  return found.id;
}
