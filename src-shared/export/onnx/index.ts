/** ONNX: graph and weights in one file, for ONNX Runtime and everything that reads the format. */
import { encodeOnnx } from '../../formats/onnx/write';
import { MAX_VALUE_BYTES } from '../../formats/protobuf/messages';
import { bool, int } from '../../params/fields';
import { success } from '../../util/result';
import { defineTarget } from '../target';
import { onnxModel, onnxSupport } from './network';

/** The oldest whose Pad and Resize can do what our nodes do, and the newest that ONNX Runtime 1.30 takes. */
const opsets = { oldest: 11, newest: 26 } as const;

export default defineTarget({
  id: 'onnx',
  group: 'model',
  title: { en: 'ONNX (.onnx)', 'zh-CN': 'ONNX（.onnx）' },
  doc: {
    en: 'Network and weights in one file for ONNX Runtime and other runtimes; takes images from 0 to 1 with channels first, any number at once, and ends in the activation of the loss.',
    'zh-CN':
      '网络与权重合为一个文件，供 ONNX Runtime 等运行时使用；输入为 0 到 1、通道在前的图像，每批数量不限，末尾为损失对应的激活函数。',
  },
  output: { kind: 'file', extension: '.onnx' },
  options: {
    opset: int({
      default: opsets.newest,
      min: opsets.oldest,
      max: opsets.newest,
      label: { en: 'Opset', 'zh-CN': '算子集' },
      doc: {
        en: 'Version of the operators: an older one for runtimes that do not know the newest.',
        'zh-CN': '算子的版本：运行时不支持最新版本时选择较旧的。',
      },
    }),
    foldBatchNormalization: bool({
      default: false,
      label: { en: 'Fold batch normalisation', 'zh-CN': '合并批量归一化' },
      doc: {
        en: 'Works batch normalisation into the weights of the layer before it: fewer operators, the same answers.',
        'zh-CN': '把批量归一化并入前一层的权重：算子更少，结果相同。',
      },
    }),
    externalData: bool({
      default: false,
      label: { en: 'Weights beside the model', 'zh-CN': '权重单独存放' },
      doc: {
        en: 'Large weights go into a file of their own, NAME.onnx.data; beyond 2 GB they always do.',
        'zh-CN': '较大的权重写入单独的文件 NAME.onnx.data；超过 2 GB 时总是如此。',
      },
    }),
  },
  needsWeights: true,
  check: {
    en: 'Runs the file in ONNX Runtime and compares predictions for test images.',
    'zh-CN': '用 ONNX Runtime 运行文件，并比较测试图像的预测。',
  },
  support: onnxSupport,
  export(input, options) {
    const { fileName } = input;
    const size = [...input.weights.values()].reduce((sum, { values }) => sum + values.byteLength, 0);
    const isBeside = options.externalData || size > MAX_VALUE_BYTES;
    const beside = `${fileName}.data`;
    const { model, data } = encodeOnnx(onnxModel(input, options), isBeside ? beside : undefined);
    const files = [{ path: fileName, parts: [model] }, ...(data ? [{ path: beside, parts: data }] : [])];
    return success({ files });
  },
});
