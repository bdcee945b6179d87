/** Aligned columns of text. */

export type Align = 'left' | 'right';

/** Lines with columns as wide as their widest cell, two spaces between them and none at the end. */
export function formatTable(rows: readonly (readonly string[])[], align: readonly Align[]): string[] {
  const widths = align.map((_, column) => Math.max(0, ...rows.map((row) => displayWidth(row[column] ?? ''))));
  return rows.map((row) =>
    align
      .map((side, column) => pad(row[column] ?? '', widths[column] ?? 0, side))
      .join('  ')
      .trimEnd(),
  );
}

/** One cell of a line that is printed before the next ones are known. */
export function pad(text: string, width: number, align: Align): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'left' ? text + space : space + text;
}

/** Columns of a terminal: Chinese characters and full-width punctuation take two. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text)
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
        character,
      )
        ? 2
        : 1;
  return width;
}

/** `61,706`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en');
}
