/** Where the engine gets into a program's graph: what it feeds, what it fetches, and the assignment of variables. */
import type { GraphBuilder, VariableHandle } from '../ir/builder';
import type { Dims, FeedType, TensorRef } from '../ir/types';
import type { Assignment, Endpoint } from './program';

/** A tensor that is fed, under an exact name. */
export function feed(b: GraphBuilder, name: string, dtype: FeedType, dims: Dims): TensorRef {
  return b.op('Placeholder', [], { dtype, dims }, { name });
}

/** As the binding wants it: with the index, even where it is 0. */
export function endpoint({ operation, index }: TensorRef): Endpoint {
  return `${operation}:${index}`;
}

/** Feeding `value` and fetching `done` assigns a copy: a variable may otherwise adopt the fed array's own memory. */
export function assignment(
  b: GraphBuilder,
  { name, handle, dims }: VariableHandle,
  dtype: FeedType,
): Assignment {
  const value = feed(b, `assign/${name}/value`, dtype, dims);
  const copy = b.op('DeepCopy', [value], {}, { name: `assign/${name}/copy` });
  const { name: assigned } = b.effect(
    'AssignVariableOp',
    [handle, copy],
    {},
    { name: `assign/${name}/assign` },
  );
  const done = b.op('Identity', [b.float(1)], {}, { after: [assigned], name: `assign/${name}/done` });
  return { value: endpoint(value), done: endpoint(done) };
}
