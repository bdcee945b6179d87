/** What an engine of the app is told: its run folder, and the data sets of this machine. */
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { datasets } from '@shared/datasets';
import { findDatasets } from '@shared/datasets/folders';
import type { EngineConfiguration } from '@shared/ipc/engine.contract';

/** Folder by id of the data sets on this machine; `resources` is the packaged app's folder. */
export function datasetDirectories(resources: string | undefined): Record<string, string> {
  const places = {
    environment: process.env,
    platform: process.platform,
    home: homedir(),
    ...(resources === undefined ? {} : { resources }),
  };
  return findDatasets(datasets, places, existsSync);
}

/** `runs/2026-03-01T10-20-30-2` for the second engine of this session. */
export function runFolder(userData: string, now: Date, engine: number): string {
  const timestamp = now.toISOString().slice(0, 19).replaceAll(':', '-');
  return join(userData, 'runs', `${timestamp}-${engine}`);
}

/** The list of image folders that the user chose: only the main process writes it. */
export function chosenFoldersFile(userData: string): string {
  return join(userData, 'image-folders.json');
}

/** Makes the run folder and says where everything is. */
export function configureEngine(
  userData: string,
  resources: string | undefined,
  engine: number,
): EngineConfiguration {
  const runDirectory = runFolder(userData, new Date(), engine);
  mkdirSync(runDirectory, { recursive: true });
  return {
    kind: 'configure',
    runDirectory,
    datasetDirectories: datasetDirectories(resources),
    chosenFolders: chosenFoldersFile(userData),
    device: 'auto',
  };
}
