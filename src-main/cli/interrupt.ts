/** Ctrl+C: first the running step ends and the run is kept, then the process does. */
import { outputTexts } from '@shared/texts/cli';
import type { Disposer } from '@shared/util/emitter';
import type { Context } from './context';
import type { EngineLink } from './engine-link';

/** Until the returned disposer is called. */
export function stopOnInterrupt(context: Context, engine: EngineLink): Disposer {
  let isStopping = false;
  const onInterrupt = (): void => {
    if (isStopping) {
      void engine.end();
      return;
    }
    isStopping = true;
    context.say(context.text(outputTexts.stopping));
    void engine.client.call('stop', {});
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  return () => {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  };
}
