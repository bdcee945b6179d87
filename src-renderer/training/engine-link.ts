/** One engine process as the window sees it: asked for from main, spoken to over its own port. */
import type { WeightsSource } from '@shared/ipc/app.contract';
import type { Bridge } from '@shared/ipc/bridge';
import { portOfPage } from '@shared/ipc/adapters';
import { engineContract, type EngineContract } from '@shared/ipc/engine.contract';
import { type Client, connect } from '@shared/ipc/rpc';
import type { Problem } from '@shared/problems/problem';
import { type Result, success } from '@shared/util/result';
import { z } from 'zod';

export interface EngineLink {
  readonly engine: number;
  readonly client: Client<EngineContract>;
  /** Closes the port and ends the process. */
  end(): void;
}

const portMessage = z.object({ kind: z.literal('engine-port'), engine: z.number().int() });

/** Ports that arrived before, or after, the call that asked for them was answered. */
class PortDesk {
  readonly #arrived = new Map<number, MessagePort>();
  readonly #waiting = new Map<number, (port: MessagePort) => void>();

  constructor() {
    window.addEventListener('message', (event: MessageEvent<unknown>) => {
      // Only the preload script of this window speaks here.
      if (event.source !== window || event.origin !== window.location.origin) return;
      const message = portMessage.safeParse(event.data);
      const port = event.ports[0];
      if (!message.success || port === undefined) return;
      const { engine } = message.data;
      const waiting = this.#waiting.get(engine);
      this.#waiting.delete(engine);
      if (waiting === undefined) this.#arrived.set(engine, port);
      else waiting(port);
    });
  }

  take(engine: number): Promise<MessagePort> {
    const port = this.#arrived.get(engine);
    this.#arrived.delete(engine);
    if (port !== undefined) return Promise.resolve(port);
    return new Promise((resolve) => this.#waiting.set(engine, resolve));
  }
}

/** `weights` is what the engine may read weights from. */
export type OpenEngine = (weights?: WeightsSource) => Promise<Result<EngineLink, Problem>>;

/** The way to open engines for this window; call it once, before the first engine is asked for. */
export function engineOpener(bridge: Bridge): OpenEngine {
  const desk = new PortDesk();
  return async (weights) => {
    const opened = await bridge.calls.openEngine(weights === undefined ? {} : { weights });
    if (!opened.ok) return opened;
    const { engine } = opened.value;
    const port = portOfPage(await desk.take(engine));
    const client = connect(engineContract, port);
    const end = () => {
      client.dispose();
      port.close();
      void bridge.calls.endEngine({ engine });
    };
    return success({ engine, client, end });
  };
}
