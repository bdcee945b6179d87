/** One step of training as a function of the SavedModel: loss, gradients and the document's update rule in the same graph. */
import type { Signature } from '../../compile/graphdef';
import { LoweringPass } from '../../compile/lower';
import { penalizedWeights, updatesOf } from '../../compile/updates';
import type { GraphBuilder, VariableHandle } from '../../ir/builder';
import type { Capabilities } from '../../ir/capabilities';
import { BATCH, type TensorRef } from '../../ir/types';
import { Objective } from '../../losses/objective';
import { intScalar } from '../../ops/primitive';
import type { InferenceGraph } from '../inference-graph';
import type { ExportModel } from '../model';

export interface TrainingStep {
  /** Images and labels to the loss before the step. */
  readonly signature: Signature;
  /** float32 scalar; whoever fetches it has done the step. */
  readonly loss: TensorRef;
  /** int32 scalar: steps done. */
  readonly counter: VariableHandle;
  /** What the optimiser keeps for each weight; starts at zero. */
  readonly slots: readonly VariableHandle[];
}

/** Builds of TensorFlow differ in gradients of convolutions: these exist in all of them. */
const everywhere: Capabilities = {
  isProcessor: false,
  groupedConvolution: false,
  dilatedConvolution: false,
  dilatedDepthwise: false,
  unevenDepthwise: false,
  bfloat16: false,
  float16: false,
};

/** Shares its variables with the predictions. Dropout draws anew in each step, by the document's seed. */
export function trainingStep(graph: InferenceGraph, { settings, classes }: ExportModel): TrainingStep {
  const { b, input, store, lowerAgain } = graph;
  return b.within('train', () => {
    const counter = b.variable('train/step', 'int32', []);
    const step = b.op('ReadVariableOp', [counter.handle], { dtype: 'int32', dims: [] });
    const labels = b.op('Placeholder', [], { dtype: 'int32', dims: [BATCH] }, { name: 'labels' });
    const random = { step, seed: b.constant(intScalar(settings.seed)) };
    const pass = new LoweringPass(b, store, random, everywhere);
    const logits = lowerAgain(pass);
    const objective = new Objective(b, settings, classes);
    const computed = objective.training(logits, labels, penalizedWeights(store.all, pass));
    const slots: VariableHandle[] = [];
    const updates = updatesOf(
      {
        ...{ b, weights: store.all, pass },
        slot(weight, name) {
          const slot = b.variable(`${weight.name}/${name}`, 'float32', weight.spec.dims);
          slots.push(slot);
          return slot;
        },
      },
      { loss: computed, learningRate: b.float(settings.learningRate), step },
      settings,
    );
    const next = b.op('AddV2', [step, b.constant(intScalar(1))], {});
    const counted = b.effect('AssignVariableOp', [counter.handle, next], {}).name;
    const after = [...updates, ...pass.movingUpdates, counted];
    const loss = b.op('Identity', [computed], {}, { after, name: 'train/loss' });
    return { signature: { inputs: { input, labels }, outputs: { loss } }, loss, counter, slots };
  });
}

/** Names of the operations that put counter and slots at zero. */
export function initializeState(b: GraphBuilder, { counter, slots }: TrainingStep): readonly string[] {
  const zeros = slots.map(({ handle, dims }) => {
    const value = b.op('Fill', [], { dims, value: 0 });
    return b.effect('AssignVariableOp', [handle, value], {}).name;
  });
  return [...zeros, b.effect('AssignVariableOp', [counter.handle, b.constant(intScalar(0))], {}).name];
}
