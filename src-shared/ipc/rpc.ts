/** Calls and events over a port: requests are parsed where they are served, replies and events where they arrive. */
import { problem, type Problem } from '../problems/problem';
import { type Disposer, Emitter } from '../util/emitter';
import { reasonOf } from '../util/reason';
import { failure, type Result, success } from '../util/result';
import type { CallName, Contract, EventName, EventPayload, Handlers, Reply, Request } from './contract';
import {
  describeIssues,
  eventMessage,
  type EventMessage,
  replyMessage,
  type ReplyMessage,
  requestMessage,
  type RequestMessage,
} from './messages';
import type { Port } from './port';

/** The serving end of a link. */
export interface Server<C extends Contract> {
  /** Sends an event; the payload is the contract's, and the receiver parses it. */
  emit<N extends EventName<C>>(event: N, payload: EventPayload<C, N>): void;
  /** Stops answering; the port stays open. */
  dispose(): void;
}

/** The calling end of a link. */
export interface Client<C extends Contract> {
  /** Never rejects: a closed port, a refused request and a malformed reply come back as Problems. */
  call<N extends CallName<C>>(name: N, request: Request<C, N>): Promise<Result<Reply<C, N>, Problem>>;
  on<N extends EventName<C>>(event: N, listener: (payload: EventPayload<C, N>) => void): Disposer;
  /** Answers every pending call with `ipc/closed` and stops listening; the port stays open. */
  dispose(): void;
}

/** Answers the calls of `contract` that arrive at `port`. Messages that are no request are not answered. */
export function serve<C extends Contract>(contract: C, port: Port, handlers: Handlers<C>): Server<C> {
  let isOpen = true;
  const reply = (id: number, name: string, result: Result<unknown, Problem>): void => {
    if (!isOpen) return;
    try {
      port.post({ kind: 'reply', id, result } satisfies ReplyMessage);
    } catch (error) {
      // A reply that cannot be cloned: the caller must not wait for ever.
      const failed = failure(problem('ipc/call-failed', { name, reason: reasonOf(error) }));
      port.post({ kind: 'reply', id, result: failed } satisfies ReplyMessage);
    }
  };
  const stopMessages = port.onMessage((raw) => {
    const parsed = requestMessage.safeParse(raw);
    if (!parsed.success) return;
    const { id, name } = parsed.data;
    void answer(contract, handlers, parsed.data).then((result) => reply(id, name, result));
  });
  const stopClose = port.onClose(() => dispose());
  function dispose(): void {
    isOpen = false;
    stopMessages();
    stopClose();
  }
  return {
    emit: (name, payload) => {
      if (isOpen) port.post({ kind: 'event', name, payload } satisfies EventMessage);
    },
    dispose,
  };
}

/**
 * Answers one request, whatever it is: an unknown name and a malformed payload come back as Problems.
 * An exception is a bug of ours; the caller still gets an answer that names it.
 */
export async function answer<C extends Contract>(
  contract: C,
  handlers: Handlers<C>,
  { name, payload }: Pick<RequestMessage, 'name' | 'payload'>,
): Promise<Result<unknown, Problem>> {
  // Own keys only: `constructor` is no call.
  const schema = Object.hasOwn(contract.calls, name) ? contract.calls[name] : undefined;
  if (schema === undefined) {
    return failure(problem('ipc/unknown-call', { contract: contract.name, name: name.slice(0, 100) }));
  }
  const request = schema.request.safeParse(payload);
  if (!request.success) {
    const reason = describeIssues(request.error);
    return failure(problem('ipc/bad-request', { contract: contract.name, name, reason }));
  }
  try {
    const handler = handlers[name as CallName<C>];
    return await handler(request.data as Request<C, CallName<C>>);
  } catch (error) {
    return failure(problem('ipc/call-failed', { name, reason: reasonOf(error) }));
  }
}

/**
 * Calls what is served at the other end of `port`. An event that does not fit the contract is not delivered;
 * `onProblem` hears of it.
 */
export function connect<C extends Contract>(
  contract: C,
  port: Port,
  onProblem: (problem: Problem) => void = () => undefined,
): Client<C> {
  const calls = new PendingCalls(contract, port);
  const events = new EventListeners(contract, onProblem);
  const stopMessages = port.onMessage((raw) => {
    if (!calls.settle(raw)) events.deliver(raw);
  });
  const stopClose = port.onClose(() => dispose());
  function dispose(): void {
    stopMessages();
    stopClose();
    calls.close();
    events.clear();
  }
  return {
    call: (name, request) => calls.start(name, request),
    on: (event, listener) => events.on(event, listener),
    dispose,
  };
}

interface PendingCall {
  readonly name: string;
  readonly settle: (result: Result<unknown, Problem>) => void;
}

/** Calls on their way: each has an id of its own, so that replies may come in any order. */
class PendingCalls<C extends Contract> {
  readonly #pending = new Map<number, PendingCall>();
  #nextId = 0;
  #isOpen = true;

  constructor(
    readonly contract: C,
    readonly port: Port,
  ) {}

  start<N extends CallName<C>>(name: N, payload: Request<C, N>): Promise<Result<Reply<C, N>, Problem>> {
    return new Promise((resolve) => {
      const settle = (result: Result<unknown, Problem>): void => resolve(this.#parse(name, result));
      if (!this.#isOpen) return settle(failure(this.#closed(name)));
      const id = this.#nextId++;
      this.#pending.set(id, { name, settle });
      try {
        this.port.post({ kind: 'request', id, name, payload } satisfies RequestMessage);
      } catch (error) {
        // A value that cannot be cloned, or a process that has just exited.
        this.#pending.delete(id);
        settle(failure(problem('ipc/call-failed', { name, reason: reasonOf(error) })));
      }
    });
  }

  /** True when `raw` was a reply, whether awaited or not. */
  settle(raw: unknown): boolean {
    const parsed = replyMessage.safeParse(raw);
    if (!parsed.success) return false;
    const { id, result } = parsed.data;
    const call = this.#pending.get(id);
    this.#pending.delete(id);
    call?.settle(result);
    return true;
  }

  close(): void {
    this.#isOpen = false;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { name, settle } of pending) settle(failure(this.#closed(name)));
  }

  #closed(name: string): Problem {
    return problem('ipc/closed', { contract: this.contract.name, name });
  }

  #parse<N extends CallName<C>>(name: N, result: Result<unknown, Problem>): Result<Reply<C, N>, Problem> {
    if (!result.ok) return result;
    const parsed = this.contract.calls[name]?.reply.safeParse(result.value);
    if (parsed?.success === true) return success(parsed.data as Reply<C, N>);
    const reason = parsed === undefined ? 'no schema' : describeIssues(parsed.error);
    return failure(problem('ipc/bad-answer', { contract: this.contract.name, name, reason }));
  }
}

/** Listeners by event name; payloads are parsed once, before any of them. */
class EventListeners<C extends Contract> {
  readonly #emitters = new Map<string, Emitter<unknown>>();

  constructor(
    readonly contract: C,
    readonly onProblem: (problem: Problem) => void,
  ) {}

  on<N extends EventName<C>>(name: N, listener: (payload: EventPayload<C, N>) => void): Disposer {
    const emitter = this.#emitters.get(name) ?? new Emitter<unknown>();
    this.#emitters.set(name, emitter);
    return emitter.on((payload) => listener(payload as EventPayload<C, N>));
  }

  deliver(raw: unknown): void {
    const message = eventMessage.safeParse(raw);
    if (!message.success) return;
    const { name, payload } = message.data;
    if (!Object.hasOwn(this.contract.events, name)) return this.#refuse(name, 'no such event');
    const parsed = this.contract.events[name]?.safeParse(payload);
    if (parsed === undefined) return;
    if (!parsed.success) return this.#refuse(name, describeIssues(parsed.error));
    this.#emitters.get(name)?.emit(parsed.data);
  }

  clear(): void {
    this.#emitters.clear();
  }

  #refuse(name: string, reason: string): void {
    this.onProblem(
      problem('ipc/bad-answer', { contract: this.contract.name, name: name.slice(0, 100), reason }),
    );
  }
}
