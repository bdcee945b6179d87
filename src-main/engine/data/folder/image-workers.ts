/** Threads that decode and read images, as clients of their contract. */
import { availableParallelism } from 'node:os';
import { MessageChannel, Worker } from 'node:worker_threads';
import { portOfThread } from '@shared/ipc/adapters';
import { type Client, connect } from '@shared/ipc/rpc';
import { imageWorkerContract, type ImageWorkerContract } from './worker-contract';

export interface ImageWorker {
  readonly client: Client<ImageWorkerContract>;
  end(): Promise<void>;
}

export type OpenImageWorker = () => ImageWorker;

/** Threads that decode; each may hold a large image. */
export function decodingThreads(): number {
  return Math.min(availableParallelism(), 8);
}

/** Starts the built worker entry in threads of this process. */
export function threadOpener(entry: string): OpenImageWorker {
  return () => {
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(entry, { workerData: port2, transferList: [port2] });
    const client = connect(imageWorkerContract, portOfThread(port1));
    // A thread that dies answers nothing any more: whoever waits for it must hear so.
    worker.once('error', () => client.dispose());
    worker.once('exit', () => client.dispose());
    return {
      client,
      end: async () => {
        client.dispose();
        port1.close();
        await worker.terminate();
      },
    };
  };
}
