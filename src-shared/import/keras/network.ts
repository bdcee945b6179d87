/** A Keras model with its weights as an imported network: layer by layer through the table. */
import { own } from '../../document/record';
import type { NamedTensor } from '../../formats/safetensors';
import { elementsPerSample } from '../../ir/shape';
import type {
  ImportedLayer,
  ImportedNetwork,
  ImportedNode,
  ImportedWeight,
  ImportNote,
  Outcome,
} from '../format';
import { ended } from '../ending';
import { ConfigReader, Unsupported } from './config-reader';
import { inputChain, withoutByteScale } from './input-layer';
import { callKey, type FileLayer, type FileModel } from './model-config';
import { importTable } from './table';
import type { Chain, Link } from './translation';

/** What a file says beside its model. */
export interface FileSource {
  /** The variables of a layer in the order of the file. */
  readonly weightsOf: (layer: FileLayer) => readonly NamedTensor[];
  /** Whether we wrote it: then images come from 0 to 1. */
  readonly isOurs: boolean;
}

interface Translated {
  readonly chain: Chain;
  readonly notes: readonly ImportNote[];
  readonly outcome: Outcome;
}

/** Classes whose files may hold code. */
const withCode = new Set(['Lambda', 'TFOpLambda', 'SlicingOpLambda', 'TensorFlowOpLayer']);

export function networkOf(model: FileModel, source: FileSource): ImportedNetwork {
  return new NetworkBuilder(model, source).build();
}

class NetworkBuilder {
  readonly #model: FileModel;
  readonly #source: FileSource;
  readonly #layers: ImportedLayer[] = [];
  /** The node whose value each call gives, by the call's key. */
  readonly #values = new Map<string, string>();
  readonly #inputs = new Set<string>();

  constructor(model: FileModel, source: FileSource) {
    this.#model = model;
    this.#source = source;
  }

  build(): ImportedNetwork {
    for (const layer of inOrder(this.#model.layers)) this.#add(layer);
    return ended(this.#layers, this.#values.get(this.#model.output));
  }

  #add(layer: FileLayer): void {
    const { className, name, calls } = layer;
    const translated = this.#translate(layer);
    const weights = matched(translated.chain, this.#source.weightsOf(layer));
    const shared: readonly ImportNote[] = calls.length > 1 ? [{ code: 'import/shared', args: {} }] : [];
    const notes = [...translated.notes, ...weights.notes, ...shared];
    const nodes = calls.flatMap(({ inputs }, call) =>
      this.#nodesOf(layer, call, inputs, translated.chain, weights.byLink),
    );
    const isWhole = translated.outcome === 'taken' && notes.length === 0;
    const outcome = translated.outcome === 'refused' ? 'refused' : isWhole ? 'taken' : 'approximated';
    this.#layers.push({ name, type: className, outcome, notes, nodes });
  }

  #translate(layer: FileLayer): Translated {
    const { className, config } = layer;
    const reader = new ConfigReader(config);
    try {
      if (className === 'InputLayer') return { ...inputChain(reader), outcome: 'taken' };
      // As we write it under mean squared error.
      if (this.#isOutput(layer) && className === 'Activation' && config['activation'] === 'linear') {
        return { chain: [{ type: 'Output', params: {} }], notes: [], outcome: 'taken' };
      }
      const entry = own(importTable, className);
      if (entry === undefined) {
        const code = withCode.has(className) ? 'import/code' : 'import/layer-unknown';
        throw new Unsupported({ code, args: { type: className } });
      }
      const chain = entry(reader);
      const [first] = chain;
      const adapted = first && this.#isFirst(layer) ? withoutByteScale(first) : undefined;
      if (adapted === undefined) return { chain, notes: reader.notes, outcome: 'taken' };
      return { chain: adapted, notes: [{ code: 'import/input-scaled', args: {} }], outcome: 'taken' };
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      // Its place is kept under its class's name, which the analysis reports; nothing else of it is.
      return { chain: [{ type: className, params: {} }], notes: [error.note], outcome: 'refused' };
    }
  }

  #isOutput({ name }: FileLayer): boolean {
    return this.#model.output === callKey(name, 0);
  }

  /** Whether it takes the images, and those of a model that wants bytes. */
  #isFirst({ calls }: FileLayer): boolean {
    const isImages = (input: string) => this.#inputs.has(this.#values.get(input) ?? '');
    return !this.#source.isOurs && calls.every(({ inputs }) => inputs.every(isImages));
  }

  #nodesOf(
    { name, className }: FileLayer,
    call: number,
    inputs: readonly string[],
    chain: Chain,
    weights: readonly (readonly ImportedWeight[])[],
  ): readonly ImportedNode[] {
    const sources = inputs.map((input) => this.#values.get(input) ?? input);
    const nodes: ImportedNode[] = [];
    chain.forEach(({ type, params, suffix }, index) => {
      const before = nodes.at(-1);
      const key = `${callKey(name, call)}\u0000${index}`;
      nodes.push({
        key,
        type,
        name: suffix === undefined ? name : `${name} ${suffix}`,
        params,
        inputs: before === undefined ? sources : [before.key],
        weights: weights[index] ?? [],
      });
    });
    const value = nodes.at(-1)?.key ?? sources[0];
    if (value !== undefined) this.#values.set(callKey(name, call), value);
    if (className === 'InputLayer' && value !== undefined) this.#inputs.add(value);
    return nodes;
  }
}

/** Weights by link of the chain; all of the layer, or none where their number is another. */
function matched(chain: Chain, tensors: readonly NamedTensor[]) {
  const roles = chain.map(({ roles: own = [] }) => own);
  const expected = roles.flat().length;
  // Of a layer that is refused nothing is expected.
  if (expected === 0) return { notes: [], byLink: [] };
  if (tensors.length !== expected) {
    const args = { found: tensors.length, expected };
    const notes: readonly ImportNote[] =
      tensors.length === 0 ? [] : [{ code: 'import/weights-misfit', args }];
    return { notes, byLink: [] };
  }
  let next = 0;
  const byLink = chain.map((link, index): readonly ImportedWeight[] => {
    const own = (roles[index] ?? []).flatMap((role) => {
      const tensor = tensors[next++];
      return tensor === undefined ? [] : [{ role, dims: tensor.dims, values: tensor.values }];
    });
    return [...own, ...constantsOf(link, own)];
  });
  return { notes: [], byLink };
}

function constantsOf({ constants = [] }: Link, own: readonly ImportedWeight[]): readonly ImportedWeight[] {
  return constants.flatMap(({ role, value, like }) => {
    const dims = own.find((each) => each.role === like)?.dims;
    return dims === undefined
      ? []
      : [{ role, dims, values: new Float32Array(elementsPerSample(dims)).fill(value) }];
  });
}

/** Every input first; layers on a circle keep their order, and their wires stay open. */
function inOrder(layers: readonly FileLayer[]): readonly FileLayer[] {
  const byCall = new Map(
    layers.flatMap((layer) => layer.calls.map((_, call) => [callKey(layer.name, call), layer] as const)),
  );
  const waiting = new Map<FileLayer, number>();
  const feeds = new Map<FileLayer, FileLayer[]>();
  for (const layer of layers) {
    const sources = layer.calls.flatMap(({ inputs }) => inputs.flatMap((input) => byCall.get(input) ?? []));
    const before = new Set(sources.filter((source) => source !== layer));
    waiting.set(layer, before.size);
    for (const source of before) feeds.set(source, [...(feeds.get(source) ?? []), layer]);
  }
  const order = layers.filter((layer) => waiting.get(layer) === 0);
  for (let index = 0; index < order.length; index++) {
    const layer = order[index];
    for (const next of layer === undefined ? [] : (feeds.get(layer) ?? [])) {
      const left = (waiting.get(next) ?? 0) - 1;
      waiting.set(next, left);
      if (left === 0) order.push(next);
    }
  }
  const ordered = new Set(order);
  return [...order, ...layers.filter((layer) => !ordered.has(layer))];
}
