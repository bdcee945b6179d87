/** A small stable hash of text, for seeds: the same name gives the same number in every process and version. */

/** FNV-1a over UTF-16 code units, as a signed 32-bit integer. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash | 0;
}
