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
}

/** Operations are named by paths of layers: `residual_block_1/conv1/Conv2D`. */
export function inferenceGraph(model: ExportModel, capabilities?: Capabilities): InferenceGraph {
  const b = new GraphBuilder();
  const store = new WeightStore(b);
  const pass = new LoweringPass(b, store, null, capabilities);
  const dims = withBatch(model.input.outputShape);
  const input = b.op('Placeholder', [], { dtype: 'float32', dims }, { name: 'input' });
  const values = new Map<string, TensorRef>();
  for (const { path: id, definition, params, inputs, type } of model.layers) {
    const sources = inputs.map(({ layer }) => required(values.get(layer), `the value of ${layer}`));
    values.set(id, pass.lower({ id, definition, params }, type === 'Input' ? [input] : sources));
  }
  const logits = required(values.get(model.output.path), 'the logits');
  const output = lossOf(model.settings.loss).predict(b, logits, 'output');
  return { b, input, logits, output, weights: store.all };
}
