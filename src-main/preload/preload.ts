/** Gives the page exactly the app contract, and hands on the ports of engine processes. */
import { contextBridge, ipcRenderer } from 'electron';
import { callNames, channels, type EnginePortMessage, eventNames } from '@shared/ipc/bridge';

// The few names of the page that are needed here; the rest of src-main has no DOM.
declare const location: { readonly origin: string };
declare const window: { postMessage(message: unknown, origin: string, ports: readonly unknown[]): void };

type Listener = (payload: unknown) => void;

const calls = Object.fromEntries(
  callNames.map((name) => [name, (request: unknown) => ipcRenderer.invoke(channels.call, name, request)]),
);

const events = Object.fromEntries(
  eventNames.map((name) => [name, (listener: Listener) => subscribe(name, listener)]),
);

function subscribe(name: string, listener: Listener): () => void {
  const onEvent = (_event: unknown, received: string, payload: unknown): void => {
    if (received === name) listener(payload);
  };
  ipcRenderer.on(channels.event, onEvent);
  return () => {
    ipcRenderer.off(channels.event, onEvent);
  };
}

contextBridge.exposeInMainWorld('layerloom', { calls, events });

// A MessagePort cannot cross the context bridge, so it goes through the page's own message event.
ipcRenderer.on(channels.enginePort, (event, engine: number) => {
  const message: EnginePortMessage = { kind: 'engine-port', engine };
  window.postMessage(message, location.origin, event.ports);
});
