/** TensorFlow SavedModel: one `saved_model.pb` whose first operation gives the variables their values. */
import { encodeSavedModel, type Signature } from '../../compile/graphdef';
import { rewrite } from '../../compile/passes/rewrite';
import { multiplyManyChannels, multiplyPixels } from '../../compile/passes/single-pixels';
import { prune } from '../../compile/prune';
import { MAX_VALUE_BYTES } from '../../formats/protobuf/messages';
import { bool } from '../../params/fields';
import { failure, success } from '../../util/result';
import { problem } from '../../problems/problem';
import { required } from '../../util/assert';
import { inferenceGraph, type InferenceGraph } from '../inference-graph';
import { describeModel } from '../metadata';
import type { ExportInput } from '../model';
import { defineTarget } from '../target';
import { initializeState, trainingStep, type TrainingStep } from './training-step';

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
  options: {
    trainingStep: bool({
      default: false,
      label: { en: 'Training step', 'zh-CN': '训练步骤' },
      doc: {
        en: 'Adds the signature train: input and labels (int32) to loss. Each call is one step of the document’s optimizer at its learning rate, without schedule and augmentation.',
        'zh-CN':
          '增加签名 train：由 input 与 labels（int32）得到 loss。每次调用以文档的优化器和学习率训练一步，不含学习率调度和数据增强。',
      },
    }),
  },
  needsWeights: true,
  check: {
    en: 'Loads the folder into a new session and compares predictions for test images.',
    'zh-CN': '将文件夹载入新的会话，并比较测试图像的预测。',
  },
  support: () => undefined,
  export(input, { trainingStep: isTrainable }) {
    const size = [...input.weights.values()].reduce((sum, { values }) => sum + values.byteLength, 0);
    if (size > MAX_VALUE_BYTES) {
      return failure([problem('export/too-large', { size, limit: MAX_VALUE_BYTES })]);
    }
    const graph = inferenceGraph(input.model);
    const step = isTrainable ? trainingStep(graph, input.model) : undefined;
    const signatures: Record<string, Signature> = {
      serving_default: {
        inputs: { input: graph.input },
        outputs: { output: graph.output, logits: graph.logits },
      },
      ...(step && { train: step.signature }),
    };
    const initialized = initialization(graph, input, step);
    const called = [graph.input, graph.output, graph.logits, ...(step ? [step.loss] : [])];
    const roots = [...called.map(({ operation }) => operation), initialized];
    // Differentiation and rewriting leave operations over that nothing needs.
    const whole = prune(rewrite(graph.b.graph, [multiplyManyChannels, multiplyPixels]), roots);
    const bytes = encodeSavedModel(whole, { signatures, initialization: initialized });
    return success({
      files: [
        { path: 'saved_model.pb', parts: [bytes] },
        { path: 'layerloom.json', parts: [`${JSON.stringify(describeModel(input), undefined, 2)}\n`] },
      ],
    });
  },
});

/** Assigns every variable its value; gives the name of the operation that waits for them all. */
function initialization({ b, weights }: InferenceGraph, input: ExportInput, step?: TrainingStep): string {
  return b.within('initialize', () => {
    const assigned = weights.map(({ name, variable }) => {
      const { dims, values } = required(input.weights.get(name), `the value of ${name}`);
      const value = b.op('Const', [], { value: { dtype: 'float32', dims, values } });
      return b.effect('AssignVariableOp', [variable.handle, value], {}).name;
    });
    const state = step === undefined ? [] : initializeState(b, step);
    return b.op('Identity', [b.float(1)], {}, { after: [...assigned, ...state] }).operation;
  });
}
