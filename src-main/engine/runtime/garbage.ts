/** Memory given back at once: arrays lie outside of V8's heap, and do not make it collect what nobody refers to. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | undefined;

/** Frees what nothing refers to any more; takes tens of milliseconds, for when something large was let go. */
export function collectGarbage(): void {
  collect ??= collector();
  collect();
}

/** V8 hands its collector to contexts that are made once it has been told to. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const found = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  return found;
}
