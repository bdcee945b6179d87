/** The runtime on libtensorflow: sessions of SavedModels, driven through tfjs-node's addon. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FeedType, ProgramFunction } from '@shared/compile/program';
import type { RuntimeDescription } from '@shared/ipc/engine.contract';
import type { Problem } from '@shared/problems/problem';
import { failure, type Result, success } from '@shared/util/result';
import type { Binding, TensorMetadata } from './binding';
import { tensorflowProblem } from './errors';
import type { BoundFunction, Runtime, Session, Tensor, TensorValues } from './runtime';

const SERVING_TAG = 'serve';

export class TensorflowRuntime implements Runtime {
  constructor(
    readonly binding: Binding,
    readonly description: RuntimeDescription,
  ) {}

  describe(): RuntimeDescription {
    return this.description;
  }

  /** TensorFlow reads a folder, so the bytes go through a temporary one that is gone when this returns. */
  load(savedModel: Uint8Array): Result<Session, Problem> {
    const folder = mkdtempSync(join(tmpdir(), 'layerloom-'));
    try {
      writeFileSync(join(folder, 'saved_model.pb'), savedModel);
      return success(new TensorflowSession(this.binding, this.binding.loadSavedModel(folder, SERVING_TAG)));
    } catch (error) {
      return failure(tensorflowProblem(error));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

class TensorflowSession implements Session {
  readonly #types: Readonly<Record<FeedType, number>>;
  #isDisposed = false;

  constructor(
    readonly binding: Binding,
    readonly id: number,
  ) {
    this.#types = { float32: binding.TF_FLOAT, int32: binding.TF_INT32, uint8: binding.TF_UINT8 };
  }

  bind<F extends string>({ feeds, fetches }: ProgramFunction<F>): BoundFunction<F> {
    const names = Object.keys(feeds) as F[];
    const inputs = names.map((name) => feeds[name]).join(',');
    const outputs = fetches.join(',');
    return (tensors) => this.#run(names, tensors, inputs, outputs);
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.binding.deleteSavedModel(this.id);
  }

  #run<F extends string>(
    names: readonly F[],
    tensors: Readonly<Record<F, Tensor>>,
    inputs: string,
    outputs: string,
  ): Result<readonly TensorValues[], Problem> {
    const ids: number[] = [];
    let fetched: readonly TensorMetadata[] = [];
    try {
      for (const name of names) {
        const { type, dims, values } = tensors[name];
        ids.push(this.binding.createTensor(dims, this.#types[type], values));
      }
      fetched = this.binding.runSavedModel(this.id, ids, inputs, outputs);
      return success(fetched.map(({ id }) => this.binding.tensorDataSync(id)));
    } catch (error) {
      return failure(tensorflowProblem(error));
    } finally {
      for (const id of ids) this.binding.deleteTensor(id);
      for (const { id } of fetched) this.binding.deleteTensor(id);
    }
  }
}
