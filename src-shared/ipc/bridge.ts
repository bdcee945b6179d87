/** `window.layerloom`: the app contract as the preload script hands it to the page, without schemas. */
import type { Problem } from '../problems/problem';
import type { Disposer } from '../util/emitter';
import type { Result } from '../util/result';
import type { AppContract } from './app.contract';
import type { CallName, EventName, EventPayload, Reply, Request } from './contract';

type Calls = {
  readonly [N in CallName<AppContract>]: (
    request: Request<AppContract, N>,
  ) => Promise<Result<Reply<AppContract, N>, Problem>>;
};

type Events = {
  readonly [N in EventName<AppContract>]: (
    listener: (payload: EventPayload<AppContract, N>) => void,
  ) => Disposer;
};

/** Calls by their name; `events.menuCommand(listener)` subscribes and returns the disposer. */
export interface Bridge {
  readonly calls: Calls;
  readonly events: Events;
}

/** What the page receives by `window.postMessage` with the engine's MessagePort as its only port. */
export interface EnginePortMessage {
  readonly kind: 'engine-port';
  readonly engine: number;
}

// The preload script is sandboxed and should stay small, so it takes the names from here and not from the
// schemas; a name too many or too few does not compile.
const calls: Record<CallName<AppContract>, true> = {
  start: true,
  setPreferences: true,
  openFile: true,
  chooseImageFolder: true,
  openRecent: true,
  recentFiles: true,
  saveFile: true,
  setDocumentState: true,
  closeWindow: true,
  openEngine: true,
  endEngine: true,
  importFile: true,
  exportModel: true,
  cancelExport: true,
  showExport: true,
};

const events: Record<EventName<AppContract>, true> = {
  menuCommand: true,
  closeRequested: true,
  fileOpened: true,
  exportProgress: true,
  engineExited: true,
};

export const callNames: readonly string[] = Object.keys(calls);
export const eventNames: readonly string[] = Object.keys(events);

/** Electron's channels: one for all calls `(name, request)`, one for all events, one for engine ports. */
export const channels = { call: 'app:call', event: 'app:event', enginePort: 'app:engine-port' } as const;

declare global {
  interface Window {
    readonly layerloom: Bridge;
  }
}
