/** Import of ONNX models: convolutional networks as our own exports, PyTorch and TensorFlow write them. */
import { type FileModel, readOnnx } from '../../formats/onnx/read';
import { problem } from '../../problems/problem';
import { failure, type Result, success } from '../../util/result';
import { defineImport, type ImportFile, MAX_IMPORT_LAYERS } from '../format';
import { readExternal } from './constants';
import { FileGraph } from './graph';
import { networkOf } from './network';
import { TooLarge } from './value';

const extensions = ['.onnx'];

/** Operators of older versions meant other things. */
const OLDEST_OPSET = 7;

export default defineImport({
  id: 'onnx',
  title: { en: 'ONNX', 'zh-CN': 'ONNX' },
  extensions,
  // The format has no bytes by which it could be known.
  recognises: ({ name }) => extensions.some((extension) => name.toLowerCase().endsWith(extension)),
  async read(file) {
    const refused = (reason: string) => failure(problem('import/bad-file', { name: file.name, reason }));
    const graph = await graphOf(file);
    if (!graph.ok) return refused(graph.error);
    try {
      return success(networkOf(graph.value, graph.value.model.producer === 'Layerloom'));
    } catch (error) {
      if (error instanceof TooLarge) return refused('TENSORS_TOO_LARGE');
      throw error;
    }
  },
});

async function graphOf(file: ImportFile): Promise<Result<FileGraph, string>> {
  const model = readOnnx(file.bytes);
  if (!model.ok) return model;
  const tensors = [
    ...model.value.tensors,
    ...model.value.nodes.flatMap(({ attributes }) =>
      [...attributes.values()].flatMap(({ tensor }) => tensor ?? []),
    ),
  ];
  const refusal = refusalOf(model.value);
  if (refusal !== undefined) return failure(refusal);
  const external = await readExternal(tensors, file);
  return external.ok ? success(new FileGraph(model.value, external.value)) : external;
}

/** Words of `import/bad-file`. */
function refusalOf({ opset, nodes, tensors, inputs, outputs }: FileModel): string | undefined {
  if (opset < OLDEST_OPSET) return 'OLD_OPSET';
  if (nodes.length === 0) return 'NO_LAYERS';
  if (nodes.length > MAX_IMPORT_LAYERS) return 'TOO_MANY_LAYERS';
  const weights = new Set(tensors.map(({ name }) => name));
  if (inputs.filter(({ name }) => !weights.has(name)).length !== 1) return 'MANY_INPUTS';
  if (outputs.length !== 1) return 'MANY_OUTPUTS';
  // The format wants every value to be given before it is read.
  const later = new Set(nodes.flatMap((node) => node.outputs));
  for (const node of nodes) {
    if (node.inputs.some((input) => input !== '' && later.has(input))) return 'CYCLE';
    for (const output of node.outputs) later.delete(output);
  }
  return undefined;
}
