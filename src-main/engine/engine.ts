/** Entry of an engine process: forked by the app as a utility process, by the command line as a child process. */
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { MessagePortMain } from 'electron';
import { portOfMain, portOfProcess } from '@shared/ipc/adapters';
import { type EngineConfiguration, engineConfiguration } from '@shared/ipc/engine.contract';
import type { Port } from '@shared/ipc/port';
import { problem, type Problem } from '@shared/problems/problem';
import { failure, type Result } from '@shared/util/result';
import { imageSettings } from './data/folder/image-settings';
import { rehearse } from './rehearsal';
import { openRuntime } from './runtime/open-runtime';
import type { Runtime } from './runtime/runtime';
import { EngineService } from './service';

/** What a spare process loads TensorFlow for before it is told anything. */
const SPARE_DEVICE = 'auto';

/** In which a configuration and a call that were sent before this process stood come in, and reading is under way. */
const CALLS_ARRIVE_MS = 60;

/** Stands beside this entry; in a packaged app outside of the archive, from which threads cannot start. */
const imageWorker = join(import.meta.dirname, 'image-worker.js').replace(
  /([\\/]app\.asar)(?=[\\/])/,
  '$1.unpacked',
);

type OpeningRuntime = Promise<Result<Runtime, Problem>>;

if (process.parentPort) {
  startInApp(process.parentPort);
} else if (process.send) {
  startInChild();
} else {
  throw new Error('The engine is started by the app or by the command line, not by hand.');
}

/**
 * The app keeps a spare process: TensorFlow is loaded at once, the configuration comes with a port to the window. Loading
 * blocks this thread, so that calls which wait already are let in before: they begin to read data meanwhile.
 */
function startInApp(parent: Electron.ParentPort): void {
  yieldToWindow();
  let isSpare = true;
  const spare = setTimeout(CALLS_ARRIVE_MS).then(() => openRuntime(SPARE_DEVICE));
  // What fails in a rehearsal fails in a run as well, and is told there.
  spare
    .then((runtime) => (runtime.ok ? rehearse(runtime.value, () => isSpare) : undefined))
    .catch(() => undefined);
  parent.once('message', ({ data, ports }: { readonly data: unknown; readonly ports: MessagePortMain[] }) => {
    isSpare = false;
    const configuration = engineConfiguration.parse(data);
    const [port] = ports;
    if (port === undefined) throw new Error('Internal error: the configuration came without a port');
    start(configuration, portOfMain(port), runtimeOf(spare, configuration.device));
  });
}

/** Training takes all cores: the window comes first. Threads take over the priority of the one that starts them. */
function yieldToWindow(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Some systems do not let a process choose; then it shares like any other.
  }
}

/** A process cannot load TensorFlow for one device and then use another. */
function runtimeOf(spare: OpeningRuntime, device: string): OpeningRuntime {
  if (device === SPARE_DEVICE) return spare;
  return Promise.resolve(failure(problem('run/device-absent', { device, found: SPARE_DEVICE })));
}

/** The command line configures its engine at once, and speaks the contract on the same channel. */
function startInChild(): void {
  process.once('message', (message: unknown) => {
    const configuration = engineConfiguration.parse(message);
    start(configuration, portOfProcess(process, setImmediate), openRuntime(configuration.device));
  });
}

function start(configuration: EngineConfiguration, port: Port, runtime: OpeningRuntime): void {
  const service = new EngineService(port, configuration, runtime, imageSettings(imageWorker));
  // The window or the command line is gone: nobody would hear the end of the run.
  port.onClose(() => process.exit(0));
  process.on('uncaughtException', (error) => service.fail(error));
}
