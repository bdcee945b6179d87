/** The open set of import formats, found by their folders: a new format is a new folder, and nothing else. */
import { problem, type Problem } from '../problems/problem';
import { invariant } from '../util/assert';
import { failure, type Result, success } from '../util/result';
import type { ImportFile, ImportFormat } from './format';

const files: Readonly<Record<string, ImportFormat | undefined>> = import.meta.glob('./*/index.ts', {
  eager: true,
  import: 'default',
});

function collect(): readonly ImportFormat[] {
  const found = Object.entries(files).map(([path, format]) => {
    invariant(format, `${path} has no default export`);
    invariant(path === `./${format.id}/index.ts`, `the format ${format.id} stands in ${path}`);
    return format;
  });
  return found.sort((a, b) => (a.title.en < b.title.en ? -1 : 1));
}

/** By title. */
export const importFormats: readonly ImportFormat[] = collect();

/** Of all formats, with the dot. */
export const importExtensions: readonly string[] = importFormats.flatMap(({ extensions }) => extensions);

/** The format of a file, or that there is none. */
export function importFormatOf(file: Pick<ImportFile, 'name' | 'bytes'>): Result<ImportFormat, Problem> {
  const format = importFormats.find((each) => each.recognises(file));
  if (format !== undefined) return success(format);
  const args = { name: file.name, known: importExtensions.join(', ') };
  return failure(problem('import/unknown-format', args));
}
