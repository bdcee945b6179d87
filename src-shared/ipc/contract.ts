/** What a link between two processes may say: calls with request and reply, and events, all as schemas. */
import { z } from 'zod';
import type { Problem } from '../problems/problem';
import type { Result } from '../util/result';

export interface CallSchema {
  readonly request: z.ZodType;
  readonly reply: z.ZodType;
}

/** One object per link; both ends derive their types from it and parse what they receive with it. */
export interface Contract {
  readonly name: string;
  readonly calls: Readonly<Record<string, CallSchema>>;
  readonly events: Readonly<Record<string, z.ZodType>>;
}

export type CallName<C extends Contract> = keyof C['calls'] & string;
export type EventName<C extends Contract> = keyof C['events'] & string;
export type Request<C extends Contract, N extends CallName<C>> = z.infer<C['calls'][N]['request']>;
export type Reply<C extends Contract, N extends CallName<C>> = z.infer<C['calls'][N]['reply']>;
export type EventPayload<C extends Contract, N extends EventName<C>> = z.infer<C['events'][N]>;

/** How the serving end is written: what goes wrong for a user comes back as a Problem, never as an exception. */
export type Handlers<C extends Contract> = {
  readonly [N in CallName<C>]: (
    request: Request<C, N>,
  ) => Result<Reply<C, N>, Problem> | Promise<Result<Reply<C, N>, Problem>>;
};

/** A problem as it travels: the receiver renders it in its own language. */
export const problemSchema: z.ZodType<Problem> = z.custom<Problem>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'string' &&
    'severity' in value &&
    (value.severity === 'error' || value.severity === 'warning') &&
    'args' in value &&
    typeof value.args === 'object',
);
