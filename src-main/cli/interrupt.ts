/** Ctrl+C: first the running step ends and the run is kept, then the process does. */
import { outputTexts } from '@shared/texts/cli';
import type { Disposer } from '@shared/util/emitter';
import type { Context } from './context';
import type { EngineLink } from './engine-link';

/** Until the returned disposer is called. */
export function stopOnInterrupt(context: Context, engine: EngineLink): Disposer {
  return onInterrupt(engine, () => {
    context.say(context.text(outputTexts.stopping));
    void engine.client.call('stop', {});
  });
}

/** The same for an export: it ends without leaving anything. */
export function cancelOnInterrupt(engine: EngineLink): Disposer {
  return onInterrupt(engine, () => void engine.client.call('cancelExport', {}));
}

/** The first signal asks, the second ends the engine. */
function onInterrupt(engine: EngineLink, ask: () => void): Disposer {
  let isStopping = false;
  const listener = (): void => {
    if (isStopping) {
      void engine.end();
      return;
    }
    isStopping = true;
    ask();
  };
  process.on('SIGINT', listener);
  process.on('SIGTERM', listener);
  return () => {
    process.off('SIGINT', listener);
    process.off('SIGTERM', listener);
  };
}
