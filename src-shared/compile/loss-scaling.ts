/**
 * Dynamic scaling of the loss for float16, whose smallest numbers small gradients fall short of (Micikevicius et al.,
 * 2018): the loss is multiplied before differentiation, gradients are divided again in float32, and a step whose gradients
 * are not all finite changes no weight.
 */
import type { GraphBuilder, VariableHandle } from '../ir/builder';
import type { TensorRef } from '../ir/types';
import { required } from '../util/assert';

/** Where the scale begins; Keras and PyTorch begin there or one factor higher. */
export const FIRST_SCALE = 2 ** 15;
/** The scale is divided by it after an overflow, and multiplied after so many steps without one. */
const FACTOR = 2;
export const GROWTH_INTERVAL = 2000;
/** Of a loss that overflows by itself a smaller scale would only lose the gradients. */
const SMALLEST_SCALE = 1;

/** A variable that goes on with the run, and its value before the first step. */
export interface ScalingVariable {
  readonly name: string;
  readonly variable: VariableHandle;
  readonly start: number;
}

/** What the update rules are given, and what is to be waited for. */
export interface GatedStep {
  readonly gradients: readonly TensorRef[];
  /** Absent in a step that is skipped: what takes it does not run. */
  readonly learningRate: TensorRef;
  /** To be called with the operations that complete the updates; gives those that run in any case. */
  readonly settle: (updates: readonly string[]) => readonly string[];
}

export class LossScaling {
  readonly variables: readonly ScalingVariable[];
  readonly #b: GraphBuilder;
  readonly #scale: VariableHandle;
  readonly #steady: VariableHandle;
  readonly #value: TensorRef;

  constructor(b: GraphBuilder) {
    this.#b = b;
    this.#scale = b.variable('loss_scaling/scale', 'float32', []);
    this.#steady = b.variable('loss_scaling/steady_steps', 'float32', []);
    this.#value = this.#read(this.#scale);
    this.variables = [
      { name: this.#scale.name, variable: this.#scale, start: FIRST_SCALE },
      { name: this.#steady.name, variable: this.#steady, start: 0 },
    ];
  }

  scaled(loss: TensorRef): TensorRef {
    return this.#b.op('Mul', [loss, this.#value], {});
  }

  /** `scaled` are gradients of the scaled loss; `learningRate` is what every update rule needs. */
  gate(scaled: readonly TensorRef[], learningRate: TensorRef): GatedStep {
    const b = this.#b;
    const factor = b.op('RealDiv', [b.float(1), this.#value], {});
    const gradients = scaled.map((gradient) => b.op('Mul', [gradient, factor], {}));
    const isFinite = this.#areFinite(gradients);
    const adjusted = this.#adjust(isFinite);
    const [skipped, taken] = b.ops('Switch', [learningRate, isFinite], {});
    const whenTaken = required(taken, 'the rate of a step that is taken');
    const settle = (updates: readonly string[]) => {
      const updated = b.op('Identity', [whenTaken], {}, { after: updates });
      const either = b.op('Merge', [required(skipped, 'the rate of a skipped step'), updated], {});
      return [either.operation, ...adjusted];
    };
    return { gradients, learningRate: whenTaken, settle };
  }

  #areFinite(gradients: readonly TensorRef[]): TensorRef {
    const b = this.#b;
    const each = gradients.map((gradient) => {
      const axes = gradient.dims.map((_, axis) => axis);
      return b.op('All', [b.op('IsFinite', [gradient], {})], { axes, keepDims: false });
    });
    return b.op('All', [b.op('Pack', each, {})], { axes: [0], keepDims: false });
  }

  /** The next scale, and the count of steps since it changed. */
  #adjust(isFinite: TensorRef): readonly string[] {
    const b = this.#b;
    const [one, none] = [b.float(1), b.float(0)];
    const count = b.op('AddV2', [this.#read(this.#steady), one], {});
    const isDue = b.op('GreaterEqual', [count, b.float(GROWTH_INTERVAL)], {});
    const grown = b.op('Mul', [this.#value, b.float(FACTOR)], {});
    const shrunk = b.op('Mul', [this.#value, b.float(1 / FACTOR)], {});
    const kept = b.op('SelectV2', [isDue, grown, this.#value], {});
    const lowered = b.op('Maximum', [shrunk, b.float(SMALLEST_SCALE)], {});
    const counted = b.op('SelectV2', [isDue, none, count], {});
    return [
      this.#assign(this.#scale, b.op('SelectV2', [isFinite, kept, lowered], {})),
      this.#assign(this.#steady, b.op('SelectV2', [isFinite, counted, none], {})),
    ];
  }

  #read({ handle, dtype, dims }: VariableHandle): TensorRef {
    return this.#b.op('ReadVariableOp', [handle], { dtype, dims });
  }

  #assign({ handle }: VariableHandle, value: TensorRef): string {
    return this.#b.effect('AssignVariableOp', [handle, value], {}).name;
  }
}
