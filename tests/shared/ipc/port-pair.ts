/** Two ports joined in memory: messages are cloned as structured clone does and arrive in a later microtask. */
import type { Port } from '@shared/ipc/port';
import { Emitter } from '@shared/util/emitter';

export interface TestPort extends Port {
  /** Live subscriptions to messages and to closing: zero when everything was disposed. */
  readonly listeners: number;
  /** Everything that this end has posted, as sent. */
  readonly posted: readonly unknown[];
}

interface End {
  readonly messages: Emitter<unknown>;
  readonly closes: Emitter<void>;
  readonly posted: unknown[];
}

const newEnd = (): End => ({ messages: new Emitter(), closes: new Emitter(), posted: [] });

export function portPair(): [TestPort, TestPort] {
  const link = { isOpen: true };
  const ends: [End, End] = [newEnd(), newEnd()];
  const close = (): void => {
    if (!link.isOpen) return;
    link.isOpen = false;
    for (const { closes } of ends) closes.emit();
  };
  const portOf = (own: End, other: End): TestPort => ({
    get listeners() {
      return own.messages.size + own.closes.size;
    },
    posted: own.posted,
    post: (message) => {
      const copy: unknown = structuredClone(message);
      own.posted.push(message);
      queueMicrotask(() => {
        if (link.isOpen) other.messages.emit(copy);
      });
    },
    onMessage: (listener) => own.messages.on(listener),
    onClose: (listener) => own.closes.on(listener),
    close,
  });
  return [portOf(ends[0], ends[1]), portOf(ends[1], ends[0])];
}
