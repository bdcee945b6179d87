/** The end of an imported network: its last activation becomes our Output, which applies it by the loss. */
import type { ImportedLayer, ImportedNetwork, ImportedNode, ImportNote } from './format';

const losses: Readonly<Record<string, string | undefined>> = {
  softmax: 'softmaxCrossEntropy',
  sigmoid: 'binaryCrossEntropy',
  linear: 'meanSquaredError',
};

/** `output` is the key of the node whose value the network gives. Without a last activation an Output is added. */
export function ended(layers: readonly ImportedLayer[], output: string | undefined): ImportedNetwork {
  const nodes = layers.flatMap((layer) => layer.nodes);
  const last = nodes.find(({ key }) => key === output);
  const isRead = nodes.some(({ inputs }) => output !== undefined && inputs.includes(output));
  const ending = last && !isRead ? endingOf(last) : undefined;
  if (last && ending !== undefined) {
    const layer = layers.find((each) => each.nodes.includes(last));
    const isAlone = layer?.nodes.length === 1;
    const node: ImportedNode = { ...last, type: 'Output', params: {}, name: isAlone ? last.name : 'output' };
    const swapped = layers.map((each) => ({
      ...each,
      nodes: each.nodes.map((one) => (one === last ? node : one)),
    }));
    return { layers: swapped, training: { loss: losses[ending] ?? 'softmaxCrossEntropy' } };
  }
  const end: ImportedNode = {
    ...{ key: 'output\u0000', type: 'Output', name: 'output', params: {}, weights: [] },
    inputs: output === undefined ? [] : [output],
  };
  const note: ImportNote = { code: 'import/logits', args: {} };
  const added: ImportedLayer = {
    name: 'output',
    type: 'Output',
    outcome: 'approximated',
    notes: [note],
    nodes: [end],
  };
  return { layers: [...layers, added], training: { loss: 'softmaxCrossEntropy' } };
}

function endingOf({ type, params }: ImportedNode): string | undefined {
  if (type === 'Softmax') return 'softmax';
  if (type === 'Output') return 'linear';
  return type === 'Activation' && params['activation'] === 'sigmoid' ? 'sigmoid' : undefined;
}
