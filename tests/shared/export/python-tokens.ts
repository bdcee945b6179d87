/** Python taken apart into tokens by its own rules, strictly: what is none of them is an error. */

export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'operator' | 'comment' | 'newline';
  readonly text: string;
}

const patterns: readonly (readonly [Token['kind'] | 'space', RegExp])[] = [
  [
    'string',
    /"""(?:[^"\\]|"(?!""))*"""|f?"(?:[^"\\\n]|\\n)*"|f?'(?:[^'\\\n]|\\u[0-9a-f]{4}|\\U[0-9a-f]{8})*'/y,
  ],
  ['comment', /#[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*/uy],
  ['name', /[A-Za-z_][A-Za-z0-9_]*/y],
  ['number', /\d+(?:\.\d+)?(?:e-?\d+)?|0x[0-9A-F]+/y],
  ['newline', /\n/y],
  ['space', / +/y],
  ['operator', /\*\*|\/\/|<<|>>|[=!<>]=|[-+*/%<>=.,:()[\]{}@&|^~]/y],
];

/** Throws where text is no token of the Python that we write, or brackets do not match. */
export function pythonTokens(source: string): readonly Token[] {
  const tokens: Token[] = [];
  const open: string[] = [];
  for (let at = 0; at < source.length;) {
    const [kind, text] = tokenAt(source, at);
    at += text.length;
    if (kind === 'space') continue;
    tokens.push({ kind, text });
    if (kind !== 'operator') continue;
    if ('([{'.includes(text)) open.push(text);
    const closing = ')]}'.indexOf(text);
    if (closing >= 0 && open.pop() !== '([{'.charAt(closing))
      throw new Error(`${text} without its beginning`);
  }
  if (open.length > 0) throw new Error(`${open.join('')} is not closed`);
  return tokens;
}

function tokenAt(source: string, at: number): readonly [Token['kind'] | 'space', string] {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const text = pattern.exec(source)?.[0];
    if (text !== undefined && text !== '') return [kind, text];
  }
  throw new Error(`no Python: ${JSON.stringify(source.slice(at, at + 40))}`);
}
