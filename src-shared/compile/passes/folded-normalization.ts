/**
 * Batch normalisation in inference mode folded into the convolution before it: scaling the kernel takes no time, scaling
 * all images does. Jacob et al. (2018), "Quantization and Training of Neural Networks", section 3.2.
 */
import type { Graph, TensorRef } from '../../ir/types';
import { floatScalar } from '../../ops/primitive';
import { required } from '../../util/assert';
import { prune } from '../prune';
import { isOp, type OperationOf } from './rewrite';
import { onlyConsumers, outputOf, type RewrittenGraph, Substitution } from './substitution';

/** A convolution whose values only a normalisation takes, through a bias at most. */
interface Fold {
  readonly convolution: OperationOf<'Conv2D'>;
  readonly bias: OperationOf<'BiasAdd'> | undefined;
  readonly normalization: OperationOf<'FusedBatchNormV3'>;
}

/** For graphs that are not differentiated: evaluation and prediction. */
export function withFoldedNormalization(graph: Graph, logits: TensorRef): RewrittenGraph {
  // The graph of training stands beside this one.
  const folds = foldsOf(prune(graph, [logits.operation]), logits);
  const byEnd = new Map(folds.map((fold) => [fold.normalization.name, fold]));
  const replaced = new Set(folds.flatMap(({ convolution, bias }) => [convolution.name, bias?.name]));
  const folded = new Substitution();
  for (const operation of graph.operations) {
    const fold = byEnd.get(operation.name);
    if (fold) emit(fold, folded);
    else if (!replaced.has(operation.name)) folded.copy(operation);
  }
  return { graph: folded.graph, logits: folded.current(logits) };
}

function foldsOf(graph: Graph, logits: TensorRef): readonly Fold[] {
  const onlyConsumer = onlyConsumers(graph, logits);
  return graph.operations.flatMap((convolution): readonly Fold[] => {
    if (!isOp(convolution, 'Conv2D')) return [];
    const next = onlyConsumer(outputOf(convolution));
    const bias = next && isOp(next, 'BiasAdd') ? next : undefined;
    const last = bias ? onlyConsumer(outputOf(bias)) : next;
    const isFoldable = last && isOp(last, 'FusedBatchNormV3') && !last.attributes.isTraining;
    return isFoldable ? [{ convolution, bias, normalization: last }] : [];
  });
}

/** y = γ (W x + b - mean) / √(variance + ε) + β as (s W) x + (b - mean) s + β with s = γ / √(variance + ε). */
function emit({ convolution, bias, normalization }: Fold, into: Substitution): void {
  const { name, attributes, inputs } = normalization;
  const current = (tensor: TensorRef | undefined) => into.current(required(tensor, `an input of ${name}`));
  const [gamma, beta, mean, variance] = inputs.slice(1).map(current);
  const constant = into.op(`${name}/epsilon`, 'Const', [], { value: floatScalar(attributes.epsilon) });
  const above = into.op(`${name}/above`, 'AddV2', [current(variance), constant], {});
  const deviation = into.op(`${name}/Rsqrt`, 'Rsqrt', [above], {});
  const scale = into.op(`${name}/scale`, 'Mul', [current(gamma), deviation], {});
  const [images, kernel] = convolution.inputs;
  const scaled = into.op(`${name}/kernel`, 'Mul', [current(kernel), scale], {});
  const values = into.op(convolution.name, 'Conv2D', [current(images), scaled], convolution.attributes);
  const centre = bias
    ? into.op(`${name}/centre`, 'Sub', [current(bias.inputs[1]), current(mean)], {})
    : into.op(`${name}/centre`, 'Neg', [current(mean)], {});
  const product = into.op(`${name}/product`, 'Mul', [centre, scale], {});
  const shift = into.op(`${name}/shift`, 'AddV2', [product, current(beta)], {});
  into.substitute(outputOf(normalization), into.op(name, 'BiasAdd', [values, shift], {}));
}
