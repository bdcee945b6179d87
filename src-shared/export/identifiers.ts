/** Identifiers for generated code, made from names that may be anything: quotes, line breaks, code, any language. */

/** What an identifier is made from. */
export interface Named {
  /** Free text. */
  readonly name: string;
  /** Used where nothing of the name is left: `conv2d_1`. */
  readonly path: string;
}

const pythonWords =
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield match case type print self super';
const javascriptWords =
  'abstract arguments await boolean break byte case catch char class const continue debugger default delete do double else enum eval export extends false final finally float for function goto if implements import in instanceof int interface let long native new null package private protected public return short static super switch synchronized this throw throws transient true try typeof undefined var void volatile while with yield';

/** Longer names are cut; numbers that make them unique come on top. */
const MAX_LENGTH = 60;

/** One for each name, in order, unique, in lower case with underscores; none of `reserved`. */
export function pythonIdentifiers(
  named: readonly Named[],
  reserved: Iterable<string> = [],
): readonly string[] {
  return uniqueIdentifiers(named, new Set([...pythonWords.split(' '), ...reserved]), snake);
}

/** The same in camel case. */
export function javascriptIdentifiers(
  named: readonly Named[],
  reserved: Iterable<string> = [],
): readonly string[] {
  return uniqueIdentifiers(named, new Set([...javascriptWords.split(' '), ...reserved]), camel);
}

/** Names for files and for formats that take letters, digits and underscores only, as they are written otherwise. */
export function plainNames(named: readonly Named[], reserved: Iterable<string> = []): readonly string[] {
  return uniqueIdentifiers(named, new Set(reserved), (words) => words.join('_'));
}

type Join = (words: readonly string[]) => string;

const snake: Join = (words) => words.map((word) => word.toLowerCase()).join('_');
const camel: Join = ([first = '', ...others]) =>
  first.toLowerCase() +
  others.map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()).join('');

function uniqueIdentifiers(named: readonly Named[], taken: Set<string>, join: Join): readonly string[] {
  // In lower case: some file systems and people do not tell `Conv` from `conv`.
  const used = new Set([...taken].map((word) => word.toLowerCase()));
  return named.map(({ name, path }) => {
    const plain = identifier(name, join) || identifier(path, join) || 'layer';
    let candidate = plain;
    for (let number = 2; used.has(candidate.toLowerCase()); number++) candidate = `${plain}_${number}`;
    used.add(candidate.toLowerCase());
    return candidate;
  });
}

/** Letters and digits of ASCII, accents taken off; empty where none are left. */
function identifier(text: string, join: Join): string {
  const words =
    text
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .match(/[A-Za-z0-9]+/g) ?? [];
  // A name in another script keeps its numbers only, which say nothing.
  if (!words.some((word) => /[A-Za-z]/.test(word))) return '';
  const joined = join(words).slice(0, MAX_LENGTH);
  return /^\d/.test(joined) ? `layer_${joined}` : joined;
}
