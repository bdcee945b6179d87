/** The least that two ends need: MessagePorts, child processes and test pairs are all adapted to it. */
import type { Disposer } from '../util/emitter';

export interface Port {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): Disposer;
  /** Called once when the other side is gone. */
  onClose(listener: () => void): Disposer;
  close(): void;
}
