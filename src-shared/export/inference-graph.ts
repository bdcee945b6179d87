/** The network as TensorFlow primitives, for targets that are graphs of operations: inference only, float32 images in. */
import { LoweringPass, type Weight, WeightStore } from '../compile/lower';
import { GraphBuilder } from '../ir/builder';
import type { Capabilities } from '../ir/capabilities';
import { withBatch } from '../ir/shape';
import type { TensorRef } from '../ir/types';
import { lossOf } from '../losses';
import { required } from '../util/assert';
import type { ExportModel } from './model';

export interface InferenceGraph {
  readonly b: GraphBuilder;
  /** Placeholder `input`: float32 `[n, height, width, channels]`, preprocessed. */
  readonly input: TensorRef;
  /** float32 `[n, classes]`: what the node before the Output gives. */
  readonly logits: TensorRef;
  /** Operation `output`: predictions, after softmax or what the loss has in its place. */
  readonly output: TensorRef;
  /** In the model's order; each is a variable that `ReadVariableOp`s read. */
  readonly weights: readonly Weight[];
  /** Lowers the network once more into the same graph with the same weights: for training. Gives the logits. */
  readonly lowerAgain: (pass: LoweringPass) => TensorRef;
  readonly store: WeightStore;
}

/** Operations are named by paths of layers: `residual_block_1/conv1/Conv2D`. */
export function inferenceGraph(model: ExportModel, capabilities?: Capabilities): InferenceGraph {
  const b = new GraphBuilder();
  const store = new WeightStore(b);
  const pass = new LoweringPass(b, store, null, capabilities);
  const dims = withBatch(model.input.outputShape);
  const input = b.op('Placeholder', [], { dtype: 'float32', dims }, { name: 'input' });
  const logits = lowered(model, input, pass);
  const output = lossOf(model.settings.loss).predict(b, logits, 'output');
  const lowerAgain = (again: LoweringPass) => lowered(model, input, again);
  return { b, input, logits, output, weights: store.all, store, lowerAgain };
}

function lowered({ layers, output }: ExportModel, input: TensorRef, pass: LoweringPass): TensorRef {
  const values = new Map<string, TensorRef>();
  for (const { path: id, definition, params, inputs, type } of layers) {
    const sources = inputs.map(({ layer }) => required(values.get(layer), `the value of ${layer}`));
    values.set(id, pass.lower({ id, definition, params }, type === 'Input' ? [input] : sources));
  }
  return required(values.get(output.path), 'the logits');
}
