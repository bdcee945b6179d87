/** An engine as a utility process of Electron. */
import { type MessagePortMain, utilityProcess } from 'electron';
import type { EngineProcess } from './engine-pool';

/**
 * Starts the built engine entry, which loads TensorFlow and then waits for its configuration.
 * `onOutput` gets what it and TensorFlow write to standard output and error, as it comes.
 */
export function forkEngine(entry: string, onOutput: (text: string) => void): EngineProcess<MessagePortMain> {
  const child = utilityProcess.fork(entry, [], {
    serviceName: 'Layerloom engine',
    stdio: 'pipe',
    // TensorFlow's libraries are not signed with the app's certificate.
    allowLoadingUnsignedLibraries: process.platform === 'darwin',
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => onOutput(chunk.toString('utf8')));
  }
  // An 'error' (V8 out of memory) is followed by 'exit'; without a listener it would end the main process.
  child.on('error', (type, location) => onOutput(`${type} at ${location}`));
  return {
    configure: (configuration, port) => child.postMessage(configuration, [port]),
    kill: () => void child.kill(),
    onExit: (listener) => child.once('exit', listener),
  };
}
