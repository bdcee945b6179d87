/** Where decoded images are kept and how much room they may take, as the environment says. */
import { homedir, totalmem } from 'node:os';
import { userCache } from '@shared/datasets/folders';
import type { CacheLimits } from './image-cache';
import { type OpenImageWorker, threadOpener } from './image-workers';

export interface ImageLimits extends CacheLimits {
  /** A folder whose images take more bytes in the network's size is streamed. */
  readonly sessionBytes: number;
}

export interface ImageSettings {
  readonly cacheFolder: string;
  readonly limits: ImageLimits;
  readonly openWorker: OpenImageWorker;
}

const MEGABYTE = 1024 * 1024;
const MOST_SESSION_MEGABYTES = 2048;
const CACHE_MEGABYTES = 32 * 1024;

/** `worker` is the built entry of image workers. */
export function imageSettings(worker: string): ImageSettings {
  const { env, platform } = process;
  const shareOfMemory = totalmem() / 8 / MEGABYTE;
  const megabytes = (name: string, otherwise: number): number => {
    const named = Number(env[name]);
    return env[name] && Number.isFinite(named) && named >= 0 ? named : otherwise;
  };
  return {
    cacheFolder:
      env['LAYERLOOM_IMAGE_CACHE'] || `${userCache({ environment: env, platform, home: homedir() })}/images`,
    limits: {
      sessionBytes:
        MEGABYTE * megabytes('LAYERLOOM_IMAGE_MEMORY_MB', Math.min(MOST_SESSION_MEGABYTES, shareOfMemory)),
      cacheBytes: MEGABYTE * megabytes('LAYERLOOM_IMAGE_CACHE_MB', CACHE_MEGABYTES),
    },
    openWorker: threadOpener(worker),
  };
}
