/** What the caller is told of an exception: a mistake of ours, or of the machine. The engine stays. */
import { problem, type Problem } from '@shared/problems/problem';
import { reasonOf } from '@shared/util/reason';

export function unexpected(error: unknown): Problem {
  return problem('run/engine-failed', { reason: reasonOf(error) });
}
