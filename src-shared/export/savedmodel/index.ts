/** TensorFlow SavedModel: one `saved_model.pb` whose first operation gives the variables their values. */
import { encodeSavedModel } from '../../compile/graphdef';
import { MAX_VALUE_BYTES } from '../../formats/protobuf/messages';
import { failure, success } from '../../util/result';
import { problem } from '../../problems/problem';
import { required } from '../../util/assert';
import { inferenceGraph, type InferenceGraph } from '../inference-graph';
import { describeModel } from '../metadata';
import type { ExportInput } from '../model';
import { defineTarget } from '../target';

export default defineTarget({
  id: 'savedmodel',
  group: 'model',
  title: { en: 'TensorFlow SavedModel', 'zh-CN': 'TensorFlow SavedModel' },
  doc: {
    en: 'A folder that TensorFlow in any language loads, with the signature serving_default: input to output (predictions) and logits.',
    'zh-CN':
      '任何语言的 TensorFlow 均可加载的文件夹，签名为 serving_default：由 input 得到 output（预测）与 logits。',
  },
  output: { kind: 'folder' },
  options: {},
  needsWeights: true,
  check: {
    en: 'Loads the folder into a new session and compares predictions for test images.',
    'zh-CN': '将文件夹载入新的会话，并比较测试图像的预测。',
  },
  support: () => undefined,
  export(input) {
    const size = [...input.weights.values()].reduce((sum, { values }) => sum + values.byteLength, 0);
    if (size > MAX_VALUE_BYTES) {
      return failure([problem('export/too-large', { size, limit: MAX_VALUE_BYTES })]);
    }
    const graph = inferenceGraph(input.model);
    const described = {
      signatures: {
        serving_default: {
          inputs: { input: graph.input },
          outputs: { output: graph.output, logits: graph.logits },
        },
      },
      initialization: initialization(graph, input),
    };
    return success({
      files: [
        { path: 'saved_model.pb', parts: [encodeSavedModel(graph.b.graph, described)] },
        { path: 'layerloom.json', parts: [`${JSON.stringify(describeModel(input), undefined, 2)}\n`] },
      ],
    });
  },
});

/** Assigns every weight its value; gives the name of the operation that waits for them all. */
function initialization({ b, weights }: InferenceGraph, input: ExportInput): string {
  return b.within('initialize', () => {
    const assigned = weights.map(({ name, variable }) => {
      const { dims, values } = required(input.weights.get(name), `the value of ${name}`);
      const value = b.op('Const', [], { value: { dtype: 'float32', dims, values } });
      return b.effect('AssignVariableOp', [variable.handle, value], {}).name;
    });
    return b.op('Identity', [b.float(1)], {}, { after: assigned }).operation;
  });
}
