/** What tests of whole runs share: documents, data sets of this machine, engines over ports in memory, and what they tell. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { datasets } from '@shared/datasets';
import { findDatasets } from '@shared/datasets/folders';
import { serialiseDocument } from '@shared/document/serialise';
import type { EventPayload } from '@shared/ipc/contract';
import {
  type EngineConfiguration,
  type EngineContract,
  engineContract,
  type EpochRecord,
} from '@shared/ipc/engine.contract';
import { type Client, connect } from '@shared/ipc/rpc';
import { templateOf } from '@shared/templates';
import type { JsonObject } from '@shared/util/json';
import type { Result } from '@shared/util/result';
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
  return { kind: 'configure', runDirectory, datasetDirectories, device: 'cpu' };
}

/** An engine in this process, called through the contract. */
export async function openEngine(
  changes: Partial<EngineConfiguration> = {},
): Promise<Client<EngineContract>> {
  const [near, far] = portPair();
  const opened = { ok: true, value: await testRuntime() } as const;
  new EngineService(far, { ...configuration(null), ...changes }, Promise.resolve(opened));
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
