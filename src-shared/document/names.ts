/** Node names: free Unicode, unique in a document, 1 to 200 characters. */
import { problem, type Problem } from '../problems/problem';
import { failure, success, type Result } from '../util/result';

const MAX_NAME = 200;

/** The name as it is, or why the node `node`, or a block, cannot bear it. `taken` are the names of the others. */
export function checkName(name: string, taken: ReadonlySet<string>, node?: string): Result<string, Problem> {
  const length = [...name].length;
  const place = node === undefined ? {} : { node };
  if (name.trim() === '') return failure(problem('graph/name-empty', {}, place));
  if (length > MAX_NAME) return failure(problem('graph/name-too-long', { length, max: MAX_NAME }, place));
  if (taken.has(name)) return failure(problem('graph/duplicate-name', { name }, place));
  return success(name);
}

/** The name itself where it is free, else the first free of `name 2`, `name 3`, ... */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  const base = [...name.replace(/ \d+$/, '')].slice(0, MAX_NAME - 12).join('');
  let number = 2;
  while (taken.has(`${base} ${number}`)) number++;
  return `${base} ${number}`;
}

/** What a part of a block is called outside of it, unless it has a name of its own. */
export function nameInside(block: string, part: string): string {
  const room = MAX_NAME - 1 - [...part].length;
  return `${[...block].slice(0, Math.max(room, 0)).join('')} ${part}`;
}
