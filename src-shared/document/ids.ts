/** Node ids: `conv2d_1`, numbered per type and never given twice. */
import { snakeCase } from '../util/case';
import { own } from './record';

type LastIds = Readonly<Record<string, number>>;

/** The highest number that an id is given; ids of a file with higher ones are names like any other. */
export const MAX_ID_NUMBER = 999_999_999;

const ID = /^[a-z][a-z0-9_]{0,63}$/;
const NUMBERED_ID = /^(.+)_(0|[1-9]\d{0,8})$/;
/** Leaves room for `_` and nine digits in the 64 characters of an id. */
const MAX_PREFIX = 54;

/** `constructor` is left out: records by id are plain objects, and each of those inherits that key. */
export function isNodeId(text: string): boolean {
  return ID.test(text) && text !== 'constructor';
}

/** The next free id for a node of that type; a type without Latin letters gives `node_1`. */
export function nextId(lastIds: LastIds, type: string): string {
  const base =
    snakeCase(type)
      .replace(/^[^a-z]+/, '')
      .slice(0, MAX_PREFIX) || 'node';
  let prefix = base;
  // A file may say that a prefix is used up.
  for (let round = 2; lastNumber(lastIds, prefix) >= MAX_ID_NUMBER; round++) {
    prefix = `${base.slice(0, MAX_PREFIX - 12)}_v${round}`;
  }
  return `${prefix}_${lastNumber(lastIds, prefix) + 1}`;
}

/** The counters raised to cover the given ids; they never go down. */
export function countIds(lastIds: LastIds, ids: Iterable<string>): LastIds {
  const raised = new Map<string, number>();
  for (const id of ids) {
    const [, prefix, digits] = NUMBERED_ID.exec(id) ?? [];
    if (prefix === undefined) continue;
    const last = raised.get(prefix) ?? lastNumber(lastIds, prefix);
    if (Number(digits) > last) raised.set(prefix, Number(digits));
  }
  return raised.size === 0 ? lastIds : { ...lastIds, ...Object.fromEntries(raised) };
}

function lastNumber(lastIds: LastIds, prefix: string): number {
  return own(lastIds, prefix) ?? 0;
}
