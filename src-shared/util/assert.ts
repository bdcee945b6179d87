/** Checks for our own mistakes; what a user gets wrong is a Problem, never an exception. */

/** Throws when our own code broke a promise; the message names pass, operation and node. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Internal error: ${message}`);
}

/** Ends a switch over a union: a new member without a case does not compile. */
export function assertNever(value: never): never {
  throw new Error(`Internal error: unexpected ${JSON.stringify(value)}`);
}

/** The value, or an internal error naming what was missing (for look-ups that cannot fail by construction). */
export function required<T>(value: T | undefined | null, what: string): T {
  invariant(value !== undefined && value !== null, `${what} is missing`);
  return value;
}
