/** Memory given back at once: arrays lie outside of V8's heap, and do not make it collect what nobody refers to. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | undefined;

/** Frees what nothing refers to any more; takes tens of milliseconds, for when something large was let go. */
export function collectGarbage(): void {
  collect ??= collector();
  collect();
}

/** V8 hands its collector to contexts that are made once it has been told to; one that does not is left alone. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const found = runInNewContext('globalThis.gc') as (() => void) | undefined;
  setFlagsFromString('--no-expose-gc');
  return found ?? (() => undefined);
}
