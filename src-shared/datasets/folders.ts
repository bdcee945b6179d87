/** Where a data set's files may lie: the same look-up for the app and the command line. */
import type { Dataset } from './index';

export interface DatasetPlaces {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** As `process.platform` says. */
  readonly platform: string;
  /** The user's home folder. */
  readonly home: string;
  /** The packaged app's resources folder. */
  readonly resources?: string;
}

/** The user's cache folder; docs/bootstrap.md has the table, and the bootstrap fills it. */
export function userCache({ environment, platform, home }: DatasetPlaces): string {
  const named = environment['LAYERLOOM_CACHE'];
  if (named) return named;
  if (platform === 'darwin') return `${home}/Library/Caches/layerloom`;
  if (platform === 'win32') {
    return `${environment['LOCALAPPDATA'] || `${home}/AppData/Local`}/layerloom/Cache`;
  }
  return `${environment['XDG_CACHE_HOME'] || `${home}/.cache`}/layerloom`;
}

/** Folders to look into, in this order. */
export function datasetFolders(id: string, places: DatasetPlaces): string[] {
  const data = places.environment['LAYERLOOM_DATA'];
  return [
    ...(data ? [`${data}/${id}`] : []),
    ...(places.resources === undefined ? [] : [`${places.resources}/datasets/${id}`]),
    `${userCache(places)}/datasets/${id}`,
  ];
}

/** Folder by id of every data set whose files are all there, each as published or gzipped. */
export function findDatasets(
  datasets: readonly Pick<Dataset, 'id' | 'files'>[],
  places: DatasetPlaces,
  exists: (path: string) => boolean,
): Record<string, string> {
  const isThere = (path: string): boolean => exists(path) || exists(`${path}.gz`);
  const found = datasets.flatMap(({ id, files }) => {
    const names = [files.train, files.test].flatMap(({ images, labels }) => [images.file, labels.file]);
    const folder = datasetFolders(id, places).find((candidate) =>
      names.every((name) => isThere(`${candidate}/${name}`)),
    );
    return folder === undefined ? [] : [[id, folder] as const];
  });
  return Object.fromEntries(found);
}
