/** What a training step does to the weights: gradients of the loss, and the update rule of the optimiser. */
import type { GraphBuilder, VariableHandle } from '../ir/builder';
import type { TensorRef } from '../ir/types';
import { weightRoles } from '../ir/weights';
import type { PenalizedWeight } from '../losses/objective';
import { intScalar } from '../ops/primitive';
import { optimizerOf } from '../optimizers';
import type { TrainingSettings } from '../training/schema';
import { required } from '../util/assert';
import { differentiate } from './differentiate';
import type { LossScaling } from './loss-scaling';
import type { LoweringPass, Weight } from './lower';

/** A network that was lowered for training. */
export interface TrainedNetwork {
  readonly b: GraphBuilder;
  readonly weights: readonly Weight[];
  readonly pass: Pick<LoweringPass, 'reads'>;
  /** The variable that an optimiser keeps for a weight under this name. */
  readonly slot: (weight: Weight, slot: string) => VariableHandle;
  /** Where gradients could be too small for the type in which they are computed. */
  readonly scaling?: LossScaling | undefined;
}

export interface StepTensors {
  /** float32 scalars. */
  readonly loss: TensorRef;
  readonly learningRate: TensorRef;
  /** int32 scalar, 0 in the first step. */
  readonly step: TensorRef;
}

function readOf({ reads }: TrainedNetwork['pass'], { name }: Weight): TensorRef {
  return required(reads.get(name), `the read of ${name}`);
}

/** Frozen kernels are left out: their penalty would be a constant. */
export function penalizedWeights(
  weights: readonly Weight[],
  pass: TrainedNetwork['pass'],
): readonly PenalizedWeight[] {
  return weights.flatMap((weight) => {
    const { regularizer } = weight.spec;
    return weight.isTrainable && regularizer ? [{ value: readOf(pass, weight), regularizer }] : [];
  });
}

type Rates = Pick<TrainingSettings, 'optimizer' | 'momentum' | 'weightDecay'>;

/** Emits the update of every weight that is learned; names of the operations that complete the step. */
export function updatesOf(network: TrainedNetwork, step: StepTensors, settings: Rates): readonly string[] {
  const { b, weights, pass, scaling } = network;
  const learned = weights
    .filter(({ isTrainable }) => isTrainable)
    .map((weight) => ({ weight, value: readOf(pass, weight) }));
  const values = learned.map(({ value }) => value);
  const update = (gradients: readonly TensorRef[], learningRate: TensorRef) =>
    applied(network, learned, gradients, { ...step, learningRate }, settings);
  if (!scaling) return update(differentiate(b, step.loss, values), step.learningRate);
  const scaled = differentiate(b, scaling.scaled(step.loss), values);
  const gated = scaling.gate(scaled, step.learningRate);
  return gated.settle(update(gated.gradients, gated.learningRate));
}

function applied(
  { b, slot }: TrainedNetwork,
  learned: readonly { readonly weight: Weight; readonly value: TensorRef }[],
  gradients: readonly TensorRef[],
  { learningRate, step }: StepTensors,
  { optimizer, momentum, weightDecay }: Rates,
): readonly string[] {
  const rule = optimizerOf(optimizer);
  const count = b.op('Cast', [b.op('AddV2', [step, b.constant(intScalar(1))], {})], { to: 'float32' });
  return learned.map(({ weight, value }, i) =>
    b.within(`update/${weight.name}`, () =>
      rule.update({
        b,
        variable: weight.variable,
        value,
        gradient: required(gradients[i], 'a gradient'),
        slots: rule.slots.map((each) => slot(weight, each)),
        learningRate,
        count,
        momentum,
        weightDecay: weightRoles[weight.spec.role].isKernel ? weightDecay : 0,
      }),
    ),
  );
}
