/** Names and texts of the user in generated code: whatever they are, they come out harmless and unique. */
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { javascriptIdentifiers, plainNames, pythonIdentifiers } from '@shared/export/identifiers';
import { commentText, javascriptString, markdownText, pythonString, xmlText } from '@shared/export/literals';

const nasty = [
  `'); import os; os.system('x') #`,
  '"""\n\nimport os\n',
  `\\`,
  `'\\`,
  '${process.exit()}',
  '</script><script>alert(1)</script>',
  'line\u2028separator\u2029\u0085',
  'bidi \u202e\u2066 reversed',
  '卷积 1',
  '\ud800 half a pair',
  '😀',
  '\u0000',
];
const names = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...nasty), fc.string());
const named = fc.array(
  names.map((name) => ({ name, path: 'block_1/conv.2' })),
  { maxLength: 12 },
);

test('identifiers follow the words of a name', () => {
  const layers = ['Conv 1', 'conv 1', 'Crème', '3x3', 'class', '卷积 1', ''].map((name) => ({
    name,
    path: 'conv2d_1',
  }));
  expect(pythonIdentifiers(layers)).toEqual([
    ...['conv_1', 'conv_1_2', 'creme', 'layer_3x3', 'class_2', 'conv2d_1', 'conv2d_1_2'],
  ]);
  expect(javascriptIdentifiers([{ name: 'residual block 2', path: 'x' }])).toEqual(['residualBlock2']);
  expect(pythonIdentifiers([{ name: 'forward', path: 'x' }], ['forward'])).toEqual(['forward_2']);
  expect(plainNames([{ name: 'Conv 1', path: 'x' }])).toEqual(['Conv_1']);
});

test.each([pythonIdentifiers, javascriptIdentifiers, plainNames])(
  'any names give unique identifiers',
  (make) => {
    fc.assert(
      fc.property(named, (given) => {
        const made = make(given);
        expect(new Set(made.map((name) => name.toLowerCase())).size).toBe(given.length);
        for (const name of made) expect(name).toMatch(/^[A-Za-z][A-Za-z0-9_]*$/);
      }),
    );
  },
);

/** What JavaScript reads; lone surrogates cannot be written and become U+FFFD. */
const wellFormed = (text: string) => text.replace(/\p{Cs}/gu, '\ufffd');

test('string literals of JavaScript read back as the text', () => {
  fc.assert(
    fc.property(names, (text) => {
      const literal = javascriptString(text);
      expect(literal).toMatch(/^'[^'\n\r<`$]*'$/);
      expect(runInNewContext(literal)).toBe(wellFormed(text));
    }),
  );
});

/** Reads a literal by Python's rules for \u, \U, and refuses everything else that could end it. */
function readPython(literal: string): string {
  const inner = /^'([^'\n\r"]*)'$/.exec(literal)?.[1];
  if (inner === undefined) throw new Error(`not one literal: ${literal}`);
  return inner.replace(/\\(?:u([0-9a-f]{4})|U([0-9a-f]{8})|(.))/g, (_all, short, long, other) => {
    if (other !== undefined) throw new Error(`unexpected escape in ${literal}`);
    return String.fromCodePoint(parseInt(String(short ?? long), 16));
  });
}

test('string literals of Python read back as the text', () => {
  fc.assert(
    fc.property(names, (text) => {
      expect(readPython(pythonString(text))).toBe(wellFormed(text));
    }),
  );
});

test('comments, XML and Markdown stay what they are', () => {
  fc.assert(
    fc.property(names, (text) => {
      expect(commentText(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(xmlText(text)).not.toMatch(/[<>"']|&(?!#\d+;)/);
      expect(markdownText(text)).not.toMatch(/[<>\n]|(?<!\\)[|`*]/);
    }),
  );
});
