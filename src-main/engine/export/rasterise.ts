/** Pictures as PNG: SVG drawn by resvg, with the fonts of this machine. */
import type { DrawnFile, ExportedFile } from '@shared/export/target';
import { mono, sans } from '@shared/export/pictures/theme';
import { problem, type Problem } from '@shared/problems/problem';
import { reasonOf } from '@shared/util/reason';
import { failure, type Result, success } from '@shared/util/result';

/** The files as bytes; those that are to be drawn are drawn. */
export async function rasterised(
  files: readonly (ExportedFile | DrawnFile)[],
): Promise<Result<readonly ExportedFile[], readonly Problem[]>> {
  const staged: ExportedFile[] = [];
  for (const file of files) {
    if ('parts' in file) {
      staged.push(file);
      continue;
    }
    try {
      staged.push({ path: file.path, parts: [await draw(file.svg, file.width)] });
    } catch (error) {
      return failure([problem('export/picture-failed', { reason: reasonOf(error) })]);
    }
  }
  return success(staged);
}

/** Families that come with each system: resvg takes the first of a list, or else its default. */
const families: Readonly<Partial<Record<NodeJS.Platform, { readonly sans: string; readonly mono: string }>>> =
  {
    win32: { sans: 'Segoe UI', mono: 'Consolas' },
    darwin: { sans: 'Helvetica Neue', mono: 'Menlo' },
  };
const otherFamilies = { sans: 'DejaVu Sans', mono: 'DejaVu Sans Mono' };

/** In the background thread of the library: a large picture takes a second. */
async function draw(svg: string, width: number): Promise<Uint8Array> {
  // Loaded when it is needed: most exports are no pictures.
  const { renderAsync } = await import('@resvg/resvg-js');
  const named = families[process.platform] ?? otherFamilies;
  const text = svg.replaceAll(`"${sans}"`, `"${named.sans}"`).replaceAll(`"${mono}"`, `"${named.mono}"`);
  const image = await renderAsync(text, {
    fitTo: { mode: 'width', value: width },
    font: { loadSystemFonts: true, defaultFontFamily: named.sans },
    logLevel: 'off',
  });
  return image.asPng();
}
