/** JSON of a stranger's file as a value: bounded in length and depth before it is parsed, without recursion. */
import protobuf from 'protobufjs/light.js';
import { scanJson } from '../document/json-scan';
import { failure, type Result, success } from '../util/result';

/** Words of `import/bad-file`. */
export type JsonRefusal = 'CONTENTS_TOO_LARGE' | 'NOT_JSON';

const MAX_TEXT_BYTES = 64 * 2 ** 20;
/** Deeper texts describe no networks. */
const MAX_DEPTH = 60;

/** The core has no TextDecoder: it knows neither a page nor Node. */
const { utf8 } = protobuf.util;

/** Undefined where it is longer than any description of a network. */
export function textOf(bytes: Uint8Array): string | undefined {
  return bytes.byteLength <= MAX_TEXT_BYTES ? utf8.read(bytes, 0, bytes.byteLength) : undefined;
}

/** Undefined stands for a text that is too long. */
export function parseJson(text: string | undefined): Result<unknown, JsonRefusal> {
  if (text === undefined || text.length > MAX_TEXT_BYTES) return failure('CONTENTS_TOO_LARGE');
  const json = scanJson(text, MAX_DEPTH) === undefined ? text : withoutPythonNumbers(text);
  return scanJson(json, MAX_DEPTH) === undefined ? success(JSON.parse(json)) : failure('NOT_JSON');
}

/** Python writes NaN and Infinity, which JSON does not have: they are no settings that we take. */
function withoutPythonNumbers(text: string): string {
  return text.replace(/(?<=[:[,]\s*)-?(?:NaN|Infinity)\b/g, 'null');
}
