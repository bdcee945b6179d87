/** Operands as nodes take them: images with channels last, vectors pixel by pixel. */
import { isSameOrder } from '../../export/onnx/layout';
import type { OperatorReader } from './operator';
import { Unsupported, type Value } from './value';

/** Ends the operator: it sees values in an order that the node does not. */
export function refuseOrder(): never {
  throw new Unsupported({ code: 'import/order', args: {} });
}

/** As an image with its channels behind the batch. */
export function asImage({ network }: OperatorReader, value: Value): Value {
  const { form, shape } = value;
  if (form === 'image') return value;
  if (form === 'pixels' && shape !== undefined && isSameOrder(shape)) return { ...value, form: 'image' };
  if (form !== 'pooled' || shape === undefined) return refuseOrder();
  const params = { targetShape: [1, 1, shape[0] ?? 1] };
  return network.emit({ type: 'Reshape', params, inputs: [value], form: 'image', suffix: 'reshape' });
}

/** As a vector whose values lie pixel by pixel. */
export function asVector(value: Value): Value {
  if (value.form === 'pooled') return { ...value, form: 'vector' };
  return value.form === 'vector' ? value : refuseOrder();
}

/** All in one form, for layers that combine them value by value. */
export function alike(reader: OperatorReader, values: readonly Value[]): readonly Value[] {
  const [first, ...others] = values;
  if (first === undefined) return refuseOrder();
  const isAlike = ({ form, shape }: Value): boolean =>
    form === first.form && (form !== 'channels' || String(shape) === String(first.shape));
  if (others.every(isAlike)) return values;
  const isVectors = values.every(({ form }) => form === 'vector' || form === 'pooled');
  return values.map((value) => (isVectors ? asVector(value) : asImage(reader, value)));
}

/** A node that treats every value alike, and so leaves their order as it is. */
export function pointwise(
  { network }: OperatorReader,
  type: string,
  params: Readonly<Record<string, string | number>>,
  value: Value,
): Value {
  const { form, shape } = value;
  return network.emit({
    type,
    params,
    inputs: [value],
    form,
    ...(form === 'channels' && shape && { shape }),
  });
}
