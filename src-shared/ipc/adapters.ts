/** Every kind of link as a Port: pages' and Electron's message ports, and child processes on either side. */
import type { Disposer } from '../util/emitter';
import type { Port } from './port';

/** What a page's (or a worker's) MessagePort has. */
interface PagePort {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
  removeEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  removeEventListener(type: 'close', listener: () => void): void;
  start(): void;
  close(): void;
}

/** What Electron's MessagePortMain has. */
interface MainPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  off(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  off(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

/** What a MessagePort of Node's threads has: it hands over messages themselves. */
interface ThreadPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  off(event: 'message', listener: (message: unknown) => void): unknown;
  off(event: 'close', listener: () => void): unknown;
  close(): void;
}

/** What a forked child and, inside it, `process` have; fork with `serialization: 'advanced'` for typed arrays. */
interface ProcessChannel {
  readonly connected?: boolean;
  send?(message: unknown, done: (error: Error | null) => void): unknown;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'disconnect', listener: () => void): unknown;
  off(event: 'message', listener: (message: unknown) => void): unknown;
  off(event: 'disconnect', listener: () => void): unknown;
  disconnect?(): void;
}

/** A page's MessagePort; messages wait in it until the first `onMessage`. */
export function portOfPage(port: PagePort): Port {
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => {
      const hear = (event: { readonly data: unknown }): void => listener(event.data);
      port.addEventListener('message', hear);
      port.start();
      return () => port.removeEventListener('message', hear);
    },
    onClose: (listener) => {
      const close = once(listener);
      port.addEventListener('close', close);
      return () => port.removeEventListener('close', close);
    },
    close: () => port.close(),
  };
}

/** Electron's MessagePortMain; messages wait in it until the first `onMessage`. */
export function portOfMain(port: MainPort): Port {
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => {
      const hear = (event: { readonly data: unknown }): void => listener(event.data);
      port.on('message', hear);
      port.start();
      return disposer(() => port.off('message', hear));
    },
    onClose: (listener) => {
      const close = once(listener);
      port.on('close', close);
      return disposer(() => port.off('close', close));
    },
    close: () => port.close(),
  };
}

/** A MessagePort between threads of Node; messages wait in it until the first `onMessage`. */
export function portOfThread(port: ThreadPort): Port {
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on('message', listener);
      return disposer(() => port.off('message', listener));
    },
    onClose: (listener) => {
      const close = once(listener);
      port.on('close', close);
      return disposer(() => port.off('close', close));
    },
    close: () => port.close(),
  };
}

/** The channel between a process and its forked child, from either side; `later` is Node's `setImmediate`. */
export function portOfProcess(channel: ProcessChannel, later: (action: () => void) => unknown): Port {
  const inTurn = oneByOne(later);
  return {
    post: (message) => {
      // Without the callback, sending to a process that has just gone is an uncaught error event.
      if (channel.connected !== false) channel.send?.(message, () => undefined);
    },
    onMessage: (listener) => {
      const hear = (message: unknown): void => inTurn(() => listener(message));
      channel.on('message', hear);
      return disposer(() => channel.off('message', hear));
    },
    onClose: (listener) => {
      const ended = once(listener);
      const close = (): void => inTurn(ended);
      channel.on('disconnect', close);
      // Gone before anybody listened: 'disconnect' will not come again.
      if (channel.connected === false) void Promise.resolve().then(close);
      return disposer(() => channel.off('disconnect', close));
    },
    close: () => {
      if (channel.connected === true) channel.disconnect?.();
    },
  };
}

/**
 * Lets what waits for one message go on before the next one is handed out, as message ports do by themselves. Node hands out
 * all messages that a read brought before any promise goes on: an event would come before its call's reply is known.
 */
function oneByOne(later: (action: () => void) => unknown): (action: () => void) => void {
  const waiting: (() => void)[] = [];
  let isTaken = false;
  const next = (): void => {
    const action = waiting.shift();
    isTaken = action !== undefined;
    if (action === undefined) return;
    later(next);
    action();
  };
  return (action) => {
    waiting.push(action);
    if (!isTaken) next();
  };
}

function once(listener: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    listener();
  };
}

function disposer(action: () => unknown): Disposer {
  return () => void action();
}
