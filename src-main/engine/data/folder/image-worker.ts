/** Entry of an image worker: a thread that decodes and reads images ahead of training. */
import { MessagePort, workerData } from 'node:worker_threads';
import { portOfThread } from '@shared/ipc/adapters';
import { serve } from '@shared/ipc/rpc';
import { ImageReader } from './image-reader';
import { imageWorkerContract } from './worker-contract';

const port: unknown = workerData;
if (!(port instanceof MessagePort)) throw new Error('An image worker is started by the engine, with a port.');
serve(imageWorkerContract, portOfThread(port), new ImageReader().handlers);
