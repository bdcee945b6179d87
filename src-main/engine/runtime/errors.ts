/** TensorFlow's error texts as Problems: what went wrong, in which operation, and whether memory was the cause. */
import { problem, type Problem } from '@shared/problems/problem';

/** The message is all that the addon passes on; the status code RESOURCE_EXHAUSTED shows in its words only. */
const outOfMemory = /\bOOM\b|RESOURCE_EXHAUSTED|out of memory|failed to allocate memory/i;

/** `[[{{node conv2d_1/Conv2D}}]]`, as TensorFlow ends the message of a failing kernel. */
const failingOperation = /\{\{node ([^}]+)\}\}/;

/** Operation names begin with the id of the node that they were lowered from. */
const nodeId = /^[a-z][a-z0-9_]{0,63}(?=\/)/;

export function tensorflowProblem(error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error);
  const operation = failingOperation.exec(message)?.[1];
  const node = operation === undefined ? undefined : nodeId.exec(operation)?.[0];
  const place = node === undefined ? {} : { node };
  if (outOfMemory.test(message)) return problem('run/out-of-memory', {}, place);
  return problem('run/engine-failed', { reason: readableReason(message, operation) }, place);
}

/** The first line without the addon's preamble and TensorFlow's own markers. */
function readableReason(message: string, operation: string | undefined): string {
  const firstLine = message.split('\n', 1)[0] ?? message;
  const reason = firstLine
    .replace(/^Session fail to run with error: /, '')
    .replace(/\s*\[\[\{\{node [^}]+\}\}\]\]\s*/g, ' ')
    .trim()
    .replace(/\.$/, '');
  return operation === undefined ? reason : `${operation}: ${reason}`;
}
