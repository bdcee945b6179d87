/** Texts of the user in generated files: harmless, whatever they hold. */

/**
 * Control characters, quotes, backslashes, line separators of Unicode, and marks that turn the direction of writing,
 * which make code read otherwise than it runs (Boucher and Anderson, "Trojan Source", 2021). `<` so that no script ends early.
 */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}"'\\<>`$\ufffe\uffff]/gu;

function escaped(text: string, escape: (codePoint: number) => string): string {
  return wellFormed(text).replace(unsafe, (character) => escape(character.codePointAt(0) ?? 0));
}

/** Halves of surrogate pairs that stand alone have no encoding. */
function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\ufffd');
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** A Python string literal, quotes included. */
export function pythonString(text: string): string {
  return `'${escaped(text, (point) => (point > 0xffff ? `\\U${hex(point, 8)}` : `\\u${hex(point, 4)}`))}'`;
}

/** A JavaScript or TypeScript string literal, quotes included; also inside a script element. */
export function javascriptString(text: string): string {
  return `'${escaped(text, (point) => (point > 0xffff ? `\\u{${hex(point, 1)}}` : `\\u${hex(point, 4)}`))}'`;
}

/** For the rest of a line behind `#` or `//`: one line, without what cannot be seen. */
export function commentText(text: string): string {
  return wellFormed(text)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\p{Cf}/gu, '')
    .trim();
}

/** Text or attribute value of XML, HTML and SVG. */
export function xmlText(text: string): string {
  return commentText(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Text in a paragraph or a table cell of Markdown, as it is: no markup, no HTML. */
export function markdownText(text: string): string {
  return commentText(text)
    .replace(/[\\`*_{}[\]()#+!|~-]/g, (character) => `\\${character}`)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}
