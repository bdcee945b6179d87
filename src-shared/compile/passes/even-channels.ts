/**
 * Batch normalisation over channels in multiples of four: with another number oneDNN's kernel and its gradient take up to
 * ten times as long. The channels that are added hold zeros, made by a kernel with columns of zeros, and end at the next
 * convolution, whose kernel has rows of zeros for them.
 */
import type { Graph, Operation, TensorRef } from '../../ir/types';
import { required } from '../../util/assert';
import { isOp, type OperationOf } from './rewrite';
import { consumersOf, keyOf, outputOf, type RewrittenGraph, Substitution } from './substitution';

const MULTIPLE = 4;

/** What computes each channel by itself, gives zero or a constant for zeros, and takes nothing else. */
const channelwise: ReadonlySet<string> = new Set([
  'Relu',
  'LeakyRelu',
  'Sigmoid',
  'Tanh',
  'MaxPool',
  'AvgPool',
]);

/** To come before differentiation: gradients of padding cut the added channels off again. */
export function withEvenChannels(graph: Graph, logits: TensorRef): RewrittenGraph {
  return new EvenChannels(graph).rewrite(logits);
}

class EvenChannels {
  readonly #graph: Graph;
  readonly #new = new Substitution();
  /** The wide forms of tensors of the old graph, by their keys. */
  readonly #wide = new Map<string, TensorRef>();
  /** Convolutions that give their wide form at once, for a normalisation alone. */
  readonly #sources: ReadonlySet<string>;

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#sources = sourcesOf(graph);
  }

  rewrite(logits: TensorRef): RewrittenGraph {
    for (const operation of this.#graph.operations) this.#rewriteOne(operation);
    this.#narrow(logits);
    return { graph: this.#new.graph, logits: this.#new.current(logits) };
  }

  #rewriteOne(operation: Operation): void {
    const input = operation.inputs[0];
    const wide = input && this.#wide.get(keyOf(input));
    if (isOp(operation, 'Conv2D') && (wide || this.#sources.has(operation.name)) && !isGrouped(operation))
      return this.#convolve(operation);
    if (isOp(operation, 'BiasAdd') && wide) return this.#addBias(operation, wide);
    if (isOp(operation, 'FusedBatchNormV3') && isUneven(operation)) return this.#normalise(operation);
    if (wide && channelwise.has(operation.op)) {
      const [y] = this.#new.ops(operation.name, operation.op, [wide], operation.attributes);
      return this.#keep(operation, required(y, 'an output'));
    }
    for (const each of operation.inputs) this.#narrow(each);
    this.#new.copy(operation);
  }

  /**
   * The kernel takes and gives the channels that were added. By PadV2: TensorFlow's layout pass takes any Pad before a
   * convolution for one of its images, and aborts the process.
   */
  #convolve(operation: OperationOf<'Conv2D'>): void {
    const { name, attributes } = operation;
    const [x, kernel] = [inputOf(operation, 0), inputOf(operation, 1)];
    const isSource = this.#sources.has(name);
    const wide = this.#wide.get(keyOf(x));
    const added = [wide ? missingOf(x) : 0, isSource ? missingOf(outputOf(operation)) : 0] as const;
    const paddings = [
      [0, 0],
      [0, 0],
      [0, added[0]],
      [0, added[1]],
    ] as const;
    const padded = this.#new.op(`${name}/kernel`, 'PadV2', [this.#new.current(kernel)], {
      paddings,
      value: 0,
    });
    const inputs = [wide ?? this.#new.current(x), padded];
    const y = this.#new.op(name, 'Conv2D', inputs, attributes);
    if (isSource) this.#keep(operation, y);
  }

  #addBias(operation: OperationOf<'BiasAdd'>, wide: TensorRef): void {
    const bias = this.#padded(`${operation.name}/bias`, inputOf(operation, 1));
    this.#keep(operation, this.#new.op(operation.name, 'BiasAdd', [wide, bias], {}));
  }

  #normalise(operation: OperationOf<'FusedBatchNormV3'>): void {
    const { name, attributes, inputs, outputs } = operation;
    const [x, gamma, beta, ...statistics] = [0, 1, 2, 3, 4].map((index) => inputOf(operation, index));
    const wide = this.#wide.get(keyOf(inputOf(operation, 0)));
    const operands = [
      wide ?? this.#padded(`${name}/input`, required(x, 'images')),
      this.#padded(`${name}/gamma`, required(gamma, 'gamma')),
      this.#padded(`${name}/beta`, required(beta, 'beta')),
      ...statistics.map((each) => this.#new.current(each)),
    ];
    const [y, ...figures] = this.#new.ops(name, 'FusedBatchNormV3', operands, attributes);
    const channels = required(inputs[0]?.dims.at(-1), 'channels');
    for (const index of [1, 2]) {
      const figure = required(figures[index - 1], 'a statistic');
      const cut = { begin: [0], size: [channels] };
      const own = this.#new.op(`${name}/statistic_${index}`, 'Slice', [figure], cut);
      this.#new.substitute({ operation: name, index, ...required(outputs[index], 'a statistic') }, own);
    }
    this.#keep(operation, required(y, 'normalised images'));
  }

  #padded(name: string, tensor: TensorRef): TensorRef {
    const paddings = tensor.dims.map(
      (_, axis) => [0, axis === tensor.dims.length - 1 ? missingOf(tensor) : 0] as const,
    );
    return this.#new.op(name, 'PadV2', [this.#new.current(tensor)], { paddings, value: 0 });
  }

  #keep(operation: Operation, wide: TensorRef): void {
    this.#wide.set(keyOf(outputOf(operation)), wide);
  }

  /** Cuts the added channels off where something needs the tensor as it was. */
  #narrow(tensor: TensorRef): void {
    const wide = this.#wide.get(keyOf(tensor));
    if (!wide || this.#new.current(tensor) !== tensor) return;
    const cut = { begin: tensor.dims.map(() => 0), size: tensor.dims };
    this.#new.substitute(tensor, this.#new.op(`${tensor.operation}/narrow`, 'Slice', [wide], cut));
  }
}

/** Convolutions whose output only a normalisation takes, through a bias at most. */
function sourcesOf(graph: Graph): ReadonlySet<string> {
  const consumers = consumersOf(graph);
  const makers = new Map(graph.operations.map((operation) => [operation.name, operation]));
  const makerOf = (tensor: TensorRef) =>
    consumers.get(keyOf(tensor))?.length === 1 ? makers.get(tensor.operation) : undefined;
  const sources = graph.operations.flatMap((operation) => {
    if (!isOp(operation, 'FusedBatchNormV3') || !isUneven(operation)) return [];
    const last = makerOf(inputOf(operation, 0));
    const maker = last?.op === 'BiasAdd' ? makerOf(inputOf(last, 0)) : last;
    return maker?.op === 'Conv2D' ? [maker.name] : [];
  });
  return new Set(sources);
}

/** Over images of more than one pixel, for only there the kernel takes time, and with batch statistics. */
function isUneven({ attributes, inputs }: OperationOf<'FusedBatchNormV3'>): boolean {
  const [, height = 1, width = 1, channels = 1] = inputs[0]?.dims ?? [];
  return attributes.isTraining && height * width > 1 && channels > 1 && channels % MULTIPLE !== 0;
}

function isGrouped(operation: Operation): boolean {
  return inputOf(operation, 0).dims.at(-1) !== inputOf(operation, 1).dims[2];
}

/** Channels to be added to a tensor's own. */
function missingOf({ dims }: TensorRef): number {
  const channels = required(dims.at(-1), 'channels');
  return Math.ceil(channels / MULTIPLE) * MULTIPLE - channels;
}

function inputOf({ name, inputs }: Operation, index: number): TensorRef {
  return required(inputs[index], `input ${index} of ${name}`);
}
