/** Which folders a process that serves a window may read images from: those that the user chose in a dialog. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';

const paths = z.array(z.string());

/** `list` is a JSON file of paths that only the app's main process writes; null allows every folder. */
export async function isChosenFolder(path: string, list: string | null): Promise<boolean> {
  if (list === null) return true;
  try {
    return paths.parse(JSON.parse(await readFile(list, 'utf8'))).includes(resolve(path));
  } catch {
    return false;
  }
}
