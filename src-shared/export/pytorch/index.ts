/** PyTorch: a folder with the network as readable Python, and its weights under the names of that code. */
import { encodeSafetensors } from '../../formats/safetensors';
import { required } from '../../util/assert';
import { success } from '../../util/result';
import { describeModel } from '../metadata';
import type { ExportInput, ExportLayer } from '../model';
import { defineTarget, type SupportIssue } from '../target';
import { modelFile } from './model-file';
import { translationOf } from './structure';
import { torchWeights, toTorch } from './weight-names';

/** In the exported folder. */
export const WEIGHTS_FILE = 'weights.safetensors';

export default defineTarget({
  id: 'pytorch',
  group: 'model',
  title: { en: 'PyTorch', 'zh-CN': 'PyTorch' },
  doc: {
    en: 'A folder with model.py, the network as a readable nn.Module with the names of the canvas, and weights.safetensors for its load_state_dict; takes images channels first and gives logits.',
    'zh-CN':
      '一个文件夹：model.py 是可读的 nn.Module，沿用画布上的名称；weights.safetensors 供其 load_state_dict 载入。输入为通道在前的图像，输出为 logits。',
  },
  output: { kind: 'folder' },
  options: {},
  needsWeights: true,
  check: {
    en: 'Reads the weights back and compares every tensor, turned back into our layout.',
    'zh-CN': '读回权重，换回本应用的布局后逐一比较每个张量。',
  },
  support: torchSupport,
  export(input) {
    const { model, layerloomVersion } = input;
    const tensors = torchWeights(model).map(({ torchName: name, weight, ...layout }) => ({
      name,
      dims: layout.dims,
      values: toTorch(layout, required(input.weights.get(weight), weight).values),
    }));
    return success({
      files: [
        { path: 'model.py', parts: [modelFile(model, layerloomVersion)] },
        { path: WEIGHTS_FILE, parts: encodeSafetensors({ tensors, metadata: metadataOf(input) }) },
      ],
    });
  },
});

/** Why PyTorch has nothing that does the same; undefined where it has. */
export function torchSupport(layer: ExportLayer): SupportIssue | undefined {
  const translation = translationOf(layer, { isFree: false });
  return translation.kind === 'refused' ? translation.issue : undefined;
}

/** What differs from our own layout, in the same words as elsewhere; `format` is what PyTorch's own files say. */
function metadataOf(input: ExportInput): Record<string, string> {
  const [height = 0, width = 0, channels = 0] = input.model.input.outputShape;
  return {
    ...describeModel(input),
    format: 'pt',
    input_shape: JSON.stringify([channels, height, width]),
    input_layout: 'channels first: [n, channels, height, width]',
    output: 'logits: one value per class, before the activation of the loss',
  };
}
