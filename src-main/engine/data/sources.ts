/** The data sets that an engine may use, from its configuration. */
import type { EngineConfiguration } from '@shared/ipc/engine.contract';
import { EarlyReading } from './early-reading';
import { isChosenFolder } from './folder/chosen-folders';
import { ImageCache } from './folder/image-cache';
import type { ImageSettings } from './folder/image-settings';
import type { StoreOptions } from './folder/image-store';
import type { DataSources } from './open-dataset';

export function dataSources(
  { datasetDirectories, chosenFolders }: EngineConfiguration,
  { cacheFolder, limits, openWorker }: ImageSettings,
  hooks: Pick<StoreOptions, 'onProgress' | 'isStopped'>,
): DataSources {
  return {
    builtIn: new EarlyReading(datasetDirectories),
    folders: {
      ...hooks,
      openWorker,
      cache: new ImageCache(cacheFolder, limits),
      sessionBytes: limits.sessionBytes,
      mayRead: (path) => isChosenFolder(path, chosenFolders),
    },
  };
}
