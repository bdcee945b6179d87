/** An engine process for one export, which speaks with the main process alone. */
import { MessageChannelMain } from 'electron';
import { portOfMain } from '@shared/ipc/adapters';
import { type EngineConfiguration, engineContract } from '@shared/ipc/engine.contract';
import { connect } from '@shared/ipc/rpc';
import { forkEngine } from '../engine-process';
import type { ExportEngine } from './exports';

/** Starts the built engine entry for the place that the configuration names. */
export function forkExportEngine(
  entry: string,
  configuration: EngineConfiguration,
  onOutput: (text: string) => void,
): ExportEngine {
  const { port1, port2 } = new MessageChannelMain();
  const process = forkEngine(entry, onOutput);
  const exited = new Promise<number>((resolve) => process.onExit(resolve));
  const client = connect(engineContract, portOfMain(port1));
  // A process that dies before it has taken its port leaves the port open.
  void exited.then(() => client.dispose());
  process.configure(configuration, port2);
  return { client, exited, end: () => process.kill() };
}
