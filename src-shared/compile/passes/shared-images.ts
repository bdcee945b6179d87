/**
 * 1×1 convolutions of the same images as one of all their filters, as in Inception blocks: the images are read once, the
 * products are larger, and the gradient by the images is one product too, where it was a sum of several.
 */
import type { Graph, Operation, TensorRef } from '../../ir/types';
import type { OpAttributes } from '../../ops';
import { imageDims } from '../../ops/rules';
import { required } from '../../util/assert';
import { prune } from '../prune';
import { isOp, type OperationOf } from './rewrite';
import { keyOf, onlyConsumers, outputOf, type RewrittenGraph, Substitution } from './substitution';

/** A convolution with what alone takes its values: bias, then activation, as far as there are any. */
interface Branch {
  readonly convolution: OperationOf<'Conv2D'>;
  readonly bias: OperationOf<'BiasAdd'> | undefined;
  readonly relu: OperationOf<'Relu'> | undefined;
}

/** To come before differentiation: gradients follow from the merged form. */
export function withSharedImages(graph: Graph, logits: TensorRef): RewrittenGraph {
  const groups = groupsOf(prune(graph, [logits.operation]), logits);
  if (groups.length === 0) return { graph, logits };
  const branches = groups.flat();
  const first = new Map(groups.map((group) => [required(group[0], 'a branch').convolution.name, group]));
  const replaced = new Set(branches.flatMap(operationsOf).map(({ name }) => name));
  const merged = new Substitution();
  for (const operation of graph.operations) {
    const group = first.get(operation.name);
    if (group) merge(group, merged);
    else if (!replaced.has(operation.name)) merged.copy(operation);
  }
  return { graph: inOrder(merged.graph), logits: merged.current(logits) };
}

/** Branches of the same form and the same images, two or more; the graph is that of the logits alone. */
function groupsOf(graph: Graph, logits: TensorRef): readonly (readonly Branch[])[] {
  const onlyConsumer = onlyConsumers(graph, logits);
  const groups = new Map<string, Branch[]>();
  for (const convolution of graph.operations) {
    if (!isOp(convolution, 'Conv2D') || !isPointwise(convolution)) continue;
    const next = onlyConsumer(outputOf(convolution));
    const bias = next && isOp(next, 'BiasAdd') ? next : undefined;
    const after = bias ? onlyConsumer(outputOf(bias)) : next;
    const relu = after && isOp(after, 'Relu') ? after : undefined;
    const { strides } = convolution.attributes;
    const images = keyOf(required(convolution.inputs[0], 'images'));
    const form = [images, ...strides, bias !== undefined, relu !== undefined].join();
    groups.set(form, [...(groups.get(form) ?? []), { convolution, bias, relu }]);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}

/** Padding and dilation mean nothing to a kernel of one pixel. */
function isPointwise({ inputs }: OperationOf<'Conv2D'>): boolean {
  const [images, kernel] = [required(inputs[0], 'images'), required(inputs[1], 'a kernel')];
  const [height, width, channels] = imageDims(kernel);
  return height * width === 1 && channels === images.dims.at(-1);
}

function operationsOf({ convolution, bias, relu }: Branch): readonly Operation[] {
  return [convolution, bias, relu].filter((operation) => operation !== undefined);
}

function merge(group: readonly Branch[], into: Substitution): void {
  const [{ convolution, bias, relu }] = [required(group[0], 'a branch')];
  const name = `${convolution.name}/merged`;
  const images = into.current(required(convolution.inputs[0], 'images'));
  const kernels = group.map((each) => required(each.convolution.inputs[1], 'a kernel'));
  const kernel = into.op(`${name}/all_kernels`, 'ConcatV2', kernels, { axis: 3 });
  const attributes: OpAttributes<'Conv2D'> = { ...convolution.attributes, padding: 'VALID' };
  let values = into.op(name, 'Conv2D', [images, kernel], attributes);
  if (bias) {
    const biases = group.map((each) => required(each.bias?.inputs[1], 'a bias'));
    const all = into.op(`${name}/all_biases`, 'ConcatV2', biases, { axis: 0 });
    values = into.op(`${name}/BiasAdd`, 'BiasAdd', [values, all], {});
  }
  if (relu) values = into.op(`${name}/Relu`, 'Relu', [values], {});
  let begin = 0;
  for (const branch of group) {
    const last = required(operationsOf(branch).at(-1), 'an operation');
    const { dims } = outputOf(last);
    const filters = required(dims.at(-1), 'channels');
    const part = { begin: [0, 0, 0, begin], size: [...dims] };
    into.substitute(outputOf(last), into.op(`${last.name}/part`, 'Slice', [values], part));
    begin += filters;
  }
}

/** Kernels of later branches are read after the merged convolution: operations back in the order of their inputs. */
function inOrder({ operations }: Graph): Graph {
  const byName = new Map(operations.map((operation) => [operation.name, operation]));
  const ordered = new Set<Operation>();
  const visit = (operation: Operation): void => {
    if (ordered.has(operation)) return;
    for (const name of [...operation.inputs.map((input) => input.operation), ...operation.controls]) {
      const source = byName.get(name);
      if (source) visit(source);
    }
    ordered.add(operation);
  };
  for (const operation of operations) visit(operation);
  return { operations: [...ordered] };
}
