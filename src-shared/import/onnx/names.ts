/** Names of layers from names of operators, as the usual writers make them. */
import type { FileNode } from '../../formats/onnx/read';

/** `/layer1/layer1.0/conv1/Conv` is `layer1.0/conv1`, `node_conv2d_1` is `conv2d_1`; ours stand in the text beside them. */
export function nameOf({ op, name, doc, outputs }: FileNode, isOurs: boolean): string {
  if (isOurs) return doc || name;
  const parts = (name || (outputs[0] ?? '') || op).split('/').filter((part) => part !== '');
  const last = parts.at(-1) ?? op;
  const isOperator = last === op || last.startsWith(`${op}_`);
  const named = isOperator && parts.length > 1 ? parts.slice(0, -1) : parts;
  // PyTorch says where it is at every level: layer1, layer1.0.
  const short = named.filter((part, index) => !(named[index + 1] ?? '').startsWith(`${part}.`)).join('/');
  return short.replace(/^node_(?=.)/, '');
}
