/** A compiled network in a session: its functions with plain numbers in and out, and its variables. */
import type { Program, ProgramFunction } from '@shared/compile/program';
import type { NamedTensor } from '@shared/formats/safetensors';
import type { Problem } from '@shared/problems/problem';
import { required } from '@shared/util/assert';
import { failure, type Result, success } from '@shared/util/result';
import type { LoadedSplit } from './data/load';
import {
  type BoundFunction,
  float32,
  float32Scalar,
  int32,
  int32Scalar,
  type Runtime,
  type Session,
  type Tensor,
  type TensorValues,
  uint8,
} from './runtime/runtime';

/** What a function over a batch gives: the program says whether the loss is a mean or a sum. */
export interface BatchFigures {
  readonly loss: number;
  /** Count of right answers. */
  readonly right: number;
  /** Count of labels among the program's `topK` largest values, where it has one. */
  readonly inTopK?: number;
}

/** Images on their way into the session, with their labels. */
export interface FedBatch {
  readonly count: number;
  /** uint8 `[count, height, width, channels]`. */
  readonly images: Uint8Array;
  readonly labels: Int32Array;
}

/** The images of one step or evaluation: indices of those that lie in the session, or the images themselves. */
export type Batch = Int32Array | FedBatch;

export function sizeOf(batch: Batch): number {
  return batch instanceof Int32Array ? batch.length : batch.count;
}

export class Network {
  readonly #session: Session;
  readonly #train: BoundFunction<'indices' | 'step' | 'seed' | 'learningRate'>;
  readonly #trainFed: BoundFunction<'images' | 'labels' | 'step' | 'seed' | 'learningRate'>;
  readonly #evaluate: BoundFunction<'indices'>;
  readonly #evaluateFed: BoundFunction<'images' | 'labels'>;
  readonly #predictTest: BoundFunction<'indices'>;
  readonly #predict: BoundFunction<'images'>;

  /** Loads the program; variables have no values before `initialize` or `write`. */
  static async load(runtime: Runtime, program: Program): Promise<Result<Network, Problem>> {
    const session = await runtime.load(program.savedModel);
    return session.ok ? success(new Network(program, session.value)) : session;
  }

  private constructor(
    readonly program: Program,
    session: Session,
  ) {
    this.#session = session;
    const { train, trainFed, evaluate, evaluateFed, predictTest, predict } = program.functions;
    this.#train = session.bind(train);
    this.#trainFed = session.bind(trainFed);
    this.#evaluate = session.bind(evaluate);
    this.#evaluateFed = session.bind(evaluateFed);
    this.#predictTest = session.bind(predictTest);
    this.#predict = session.bind(predict);
  }

  async initialize(seed: number): Promise<Result<true, Problem>> {
    return done(await this.#session.bind(this.program.functions.init)({ seed: int32Scalar(seed) }));
  }

  /** Puts the images of a split into the session, replacing those that were there. */
  async feedData(
    split: 'train' | 'test',
    { images, labels, count }: LoadedSplit,
  ): Promise<Result<true, Problem>> {
    const endpoints = this.program.data[split];
    const fed = await this.#assign(endpoints.images, uint8(images, [count, ...this.program.input]));
    return fed.ok ? this.#assign(endpoints.labels, int32(labels)) : fed;
  }

  /** One step on training images: mean loss, and how many were right before the update. */
  async trainStep(
    batch: Batch,
    step: number,
    seed: number,
    learningRate: number,
  ): Promise<Result<BatchFigures, Problem>> {
    const feeds = {
      step: int32Scalar(step),
      seed: int32Scalar(seed),
      learningRate: float32Scalar(learningRate),
    };
    if (batch instanceof Int32Array) return figures(await this.#train({ indices: int32(batch), ...feeds }));
    return figures(await this.#trainFed({ ...this.#fed(batch), ...feeds }));
  }

  /** Sum of losses and count of right answers over test images. */
  async evaluate(batch: Batch): Promise<Result<BatchFigures, Problem>> {
    if (batch instanceof Int32Array) return figures(await this.#evaluate({ indices: int32(batch) }));
    return figures(await this.#evaluateFed(this.#fed(batch)));
  }

  /** What the network says of each class, `[n, classes]`, of test images. */
  async predictTest(batch: Batch): Promise<Result<Float32Array, Problem>> {
    if (batch instanceof Int32Array) return floats(await this.#predictTest({ indices: int32(batch) }));
    return this.predict(batch.count, batch.images);
  }

  /** What the network says of each class, `[count, classes]`, of images given as bytes. */
  async predict(count: number, images: Uint8Array): Promise<Result<Float32Array, Problem>> {
    return floats(await this.#predict({ images: uint8(images, [count, ...this.program.input]) }));
  }

  /** Every variable, optimiser slots included. */
  async read(): Promise<Result<readonly NamedTensor[], Problem>> {
    const { variables } = this.program;
    const all: ProgramFunction<never> = { feeds: {}, fetches: variables.map(({ read }) => read) };
    const values = await this.#session.bind(all)({});
    if (!values.ok) return values;
    return success(
      variables.map(({ name, dims }, index) => ({ name, dims, values: asFloats(values.value[index]) })),
    );
  }

  /** Gives one of the program's variables its values; the array may be changed afterwards. */
  async write(name: string, values: Float32Array): Promise<Result<true, Problem>> {
    const variable = required(
      this.program.variables.find((known) => known.name === name),
      `variable ${name}`,
    );
    return this.#assign(variable.assign, float32(values, variable.dims));
  }

  dispose(): void {
    this.#session.dispose();
  }

  #fed({ count, images, labels }: FedBatch): { readonly images: Tensor; readonly labels: Tensor } {
    return { images: uint8(images, [count, ...this.program.input]), labels: int32(labels) };
  }

  async #assign(
    endpoints: { readonly value: string; readonly done: string },
    value: Tensor,
  ): Promise<Result<true, Problem>> {
    const definition = { feeds: { value: endpoints.value }, fetches: [endpoints.done] };
    return done(await this.#session.bind(definition)({ value }));
  }
}

type Fetched = Result<readonly TensorValues[], Problem>;

function done(fetched: Fetched): Result<true, Problem> {
  return fetched.ok ? success(true) : fetched;
}

function floats(fetched: Fetched): Result<Float32Array, Problem> {
  return fetched.ok ? success(asFloats(fetched.value[0])) : fetched;
}

function figures(fetched: Fetched): Result<BatchFigures, Problem> {
  if (!fetched.ok) return failure(fetched.error);
  const [loss = Number.NaN, right = 0, inTopK] = fetched.value[0] ?? [];
  return success(inTopK === undefined ? { loss, right } : { loss, right, inTopK });
}

function asFloats(values: TensorValues | undefined): Float32Array {
  if (values instanceof Float32Array) return values;
  throw new Error('Internal error: the program fetched something that is no float32');
}
