/** What tests of whole runs share: documents, data sets of this machine, engines over ports in memory, and what they tell. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { datasets } from '@shared/datasets';
import { findDatasets } from '@shared/datasets/folders';
import { portOfThread } from '@shared/ipc/adapters';
import { serialiseDocument } from '@shared/document/serialise';
import type { EventPayload } from '@shared/ipc/contract';
import {
  type EngineConfiguration,
  type EngineContract,
  engineContract,
  type EpochRecord,
} from '@shared/ipc/engine.contract';
import { type Client, connect, serve } from '@shared/ipc/rpc';
import { templateOf } from '@shared/templates';
import type { JsonObject } from '@shared/util/json';
import type { Result } from '@shared/util/result';
import { ImageReader } from '../../src-main/engine/data/folder/image-reader';
import type { ImageLimits, ImageSettings } from '../../src-main/engine/data/folder/image-settings';
import type { OpenImageWorker } from '../../src-main/engine/data/folder/image-workers';
import { imageWorkerContract } from '../../src-main/engine/data/folder/worker-contract';
import type { DataSources } from '../../src-main/engine/data/open-dataset';
import { dataSources } from '../../src-main/engine/data/sources';
import { openRuntime } from '../../src-main/engine/runtime/open-runtime';
import type { TensorflowRuntime } from '../../src-main/engine/runtime/tensorflow-runtime';
import { EngineService } from '../../src-main/engine/service';
import { portPair } from '../shared/ipc/port-pair';

const places = { environment: process.env, platform: process.platform, home: homedir() };
export const datasetDirectories = findDatasets(datasets, places, existsSync);

/** LeNet as saved, on MNIST for one epoch, with these settings besides. */
export function lenetDocument(training: JsonObject = {}, template = 'lenet'): string {
  const document = templateOf(template)?.create({});
  if (document === undefined) throw new Error(`there is no template ${template}`);
  const settings = { ...document.training, dataset: 'mnist', epochs: 1, seed: 3, ...training };
  return serialiseDocument({ ...document, training: settings });
}

export function must<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

let runtime: Promise<Result<TensorflowRuntime, unknown>> | undefined;

/** TensorFlow is loaded once into the test's process. */
export async function testRuntime(): Promise<TensorflowRuntime> {
  runtime ??= openRuntime('cpu');
  return must(await runtime);
}

/** A folder that does not exist yet, and one to clean up all of them. */
export class TestFolders {
  readonly root = mkdtempSync(join(tmpdir(), 'layerloom-runs-'));
  #count = 0;

  next(): string {
    return join(this.root, `run-${++this.#count}`);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

export function configuration(runDirectory: string | null): EngineConfiguration {
  return { kind: 'configure', runDirectory, datasetDirectories, chosenFolders: null, device: 'cpu' };
}

/** An image worker in the test's own thread: threads run built files, which the tests of the command line use. */
const inlineWorker: OpenImageWorker = () => {
  const { port1, port2 } = new MessageChannel();
  const reader = new ImageReader();
  serve(imageWorkerContract, portOfThread(port2), reader.handlers);
  const client = connect(imageWorkerContract, portOfThread(port1));
  const end = (): Promise<void> => {
    client.dispose();
    port1.close();
    reader.close();
    return Promise.resolve();
  };
  return { client, end };
};

/** Everything fits and is kept, unless the limits say otherwise. */
export function imageSettings(cacheFolder: string, limits: Partial<ImageLimits> = {}): ImageSettings {
  const plenty = { sessionBytes: 2 ** 30, cacheBytes: 2 ** 30 };
  return { cacheFolder, limits: { ...plenty, ...limits }, openWorker: inlineWorker };
}

/** What jobs outside of a service are given. */
export const testSources: DataSources = dataSources(
  configuration(null),
  imageSettings(join(tmpdir(), 'layerloom-no-images')),
  { onProgress: () => undefined, isStopped: () => false },
);

/** An engine in this process, called through the contract. */
export async function openEngine(
  changes: Partial<EngineConfiguration> = {},
  images = imageSettings(join(tmpdir(), 'layerloom-no-images')),
): Promise<Client<EngineContract>> {
  const [near, far] = portPair();
  const opened = { ok: true, value: await testRuntime() } as const;
  new EngineService(far, { ...configuration(null), ...changes }, Promise.resolve(opened), images);
  return connect(engineContract, near);
}

type StatePayload = EventPayload<EngineContract, 'state'>;

/** Everything that an engine tells. */
export class Listener {
  readonly states: StatePayload[] = [];
  readonly epochs: EpochRecord[] = [];
  readonly checkpoints: EventPayload<EngineContract, 'checkpoint'>[] = [];
  readonly messages: EventPayload<EngineContract, 'steps'>[] = [];
  /** The last state: done, stopped or failed. */
  readonly ended: Promise<StatePayload>;

  constructor(client: Client<EngineContract>) {
    client.on('epoch', (record) => this.epochs.push(record));
    client.on('checkpoint', (payload) => this.checkpoints.push(payload));
    client.on('steps', (message) => this.messages.push(message));
    this.ended = new Promise((resolve) => {
      client.on('state', (payload) => {
        this.states.push(payload);
        if (['done', 'stopped', 'failed'].includes(payload.state)) resolve(payload);
      });
    });
  }

  get losses(): number[] {
    return this.messages.flatMap(({ losses }) => [...losses]);
  }

  /** Resolves with the first message of steps. */
  static firstStep(client: Client<EngineContract>): Promise<void> {
    return new Promise((resolve) => {
      const stop = client.on('steps', () => {
        stop();
        resolve();
      });
    });
  }
}
