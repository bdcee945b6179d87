/** The envelopes that cross a port: requests with an id, their replies, and events. */
import { z } from 'zod';
import type { Problem } from '../problems/problem';
import type { Result } from '../util/result';
import { problemSchema } from './contract';

export const requestMessage = z.object({
  kind: z.literal('request'),
  id: z.number().int().nonnegative(),
  name: z.string(),
  payload: z.unknown(),
});

export const replyMessage = z.object({
  kind: z.literal('reply'),
  id: z.number().int().nonnegative(),
  result: z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), value: z.unknown() }),
    z.object({ ok: z.literal(false), error: problemSchema }),
  ]),
});

export const eventMessage = z.object({ kind: z.literal('event'), name: z.string(), payload: z.unknown() });

export type RequestMessage = z.infer<typeof requestMessage>;
export type EventMessage = z.infer<typeof eventMessage>;

export interface ReplyMessage {
  readonly kind: 'reply';
  readonly id: number;
  readonly result: Result<unknown, Problem>;
}

/** Where and why a value does not fit its schema, in one line. */
export function describeIssues(error: z.ZodError): string {
  return error.issues
    .slice(0, 3)
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
    .join('; ');
}
