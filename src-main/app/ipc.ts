/** The receiving end of the app contract in Electron: the sender is checked, then the request is parsed. */
import type { IpcMain, IpcMainInvokeEvent } from 'electron';
import { z } from 'zod';
import { channels } from '@shared/ipc/bridge';
import type { Contract, EventName, EventPayload, Handlers } from '@shared/ipc/contract';
import { answer } from '@shared/ipc/rpc';

/** How the main process tells the page of something that it did not ask for. */
export type Emit<C extends Contract> = <N extends EventName<C>>(name: N, payload: EventPayload<C, N>) => void;

const callName = z.string();

/**
 * Serves `contract` on its one channel. A message from anyone but the app's own page is rejected unread; an unknown
 * call and a request that its schema refuses are answered with a Problem.
 */
export function serveCalls<C extends Contract>(
  ipcMain: Pick<IpcMain, 'handle'>,
  contract: C,
  handlers: Handlers<C>,
  isTrusted: (event: IpcMainInvokeEvent) => boolean,
): void {
  ipcMain.handle(channels.call, (event, name: unknown, payload: unknown) => {
    if (!isTrusted(event)) throw new Error('Refused: not a page of the app');
    return answer(contract, handlers, { name: callName.parse(name), payload });
  });
}
