/** A compiled document: the bytes that TensorFlow loads, and the names by which the engine drives them. */
import type { Dims, Shape } from '../ir/types';
import type { WeightRole } from '../ir/weights';

/** A tensor of the graph as the binding wants it named: always `name:index`. */
export type Endpoint = string;

/** One call into the session: tensors in, tensors out. */
export interface ProgramFunction<F extends string> {
  readonly feeds: Readonly<Record<F, Endpoint>>;
  readonly fetches: readonly Endpoint[];
}

export type VariableRole = WeightRole | 'slot';

export interface ProgramVariable {
  /** `conv2d_1/kernel`, in Keras's layout; optimiser slots append their own: `conv2d_1/kernel/momentum`. */
  readonly name: string;
  readonly dims: Dims;
  readonly role: VariableRole;
  readonly isTrainable: boolean;
  readonly read: Endpoint;
  /** Of float32. */
  readonly assign: Assignment;
}

/** Feed `value` and fetch `done`; copies, so the fed array may be changed afterwards. */
export interface Assignment {
  readonly value: Endpoint;
  readonly done: Endpoint;
}

/** A data set in the session. */
export interface ProgramData {
  /** uint8 `[count, height, width, channels]`. */
  readonly images: Assignment;
  /** int32 `[count]`. */
  readonly labels: Assignment;
}

export interface Program {
  /** Contents of `saved_model.pb`; the same document gives the same bytes. */
  readonly savedModel: Uint8Array;
  readonly variables: readonly ProgramVariable[];
  readonly data: { readonly train: ProgramData; readonly test: ProgramData };
  readonly functions: {
    /** Initial values from an int32 scalar seed; slots and moving statistics start afresh. */
    readonly init: ProgramFunction<'seed'>;
    /**
     * One step on the training images at `indices` (int32 [n]). `step` (int32 scalar) counts steps of the whole run
     * from 0; with `seed` it keys all randomness. Fetches float32 [2]: mean loss over the batch, with class weights and
     * the penalties of kernels, and count of right answers; [3] with count of labels among the first `topK`.
     */
    readonly train: ProgramFunction<'indices' | 'step' | 'seed' | 'learningRate'>;
    /** The same step on images and labels (int32 [n]) that are fed, uint8 as in the session: equal to the last bit. */
    readonly trainFed: ProgramFunction<'images' | 'labels' | 'step' | 'seed' | 'learningRate'>;
    /**
     * On test images at `indices`, in inference mode: float32 [2] or [3] as above, but the sum of the losses alone,
     * without class weights and penalties.
     */
    readonly evaluate: ProgramFunction<'indices'>;
    readonly evaluateFed: ProgramFunction<'images' | 'labels'>;
    /**
     * On test images at `indices`: float32 [n, classes], what the network says of each class: probabilities that add up
     * to 1 under softmax cross entropy, one by itself for each class under binary cross entropy, and the plain values
     * under mean squared error. The largest is the answer.
     */
    readonly predictTest: ProgramFunction<'indices'>;
    /** The same on uint8 images [n, height, width, channels]. */
    readonly predict: ProgramFunction<'images'>;
  };
  /** Smallest batch that can be trained; 2 under batch normalisation after a dense layer, named by `node`. */
  readonly minimumBatch: { readonly size: number; readonly node?: string };
  readonly input: Shape;
  readonly classes: number;
  /** The k of top-k accuracy; absent where it is not measured, because there are no more classes than that. */
  readonly topK?: number;
}

export type { FeedType } from '../ir/types';
