/** The checks, found by their files: `NAME.ts` belongs to the target of that id, and is loaded when it is needed. */
import type { Checker } from './checker';

const files = import.meta.glob<Checker>(['./*.ts', '!./index.ts', '!./checker.ts'], { import: 'default' });

/** The check of a target; undefined where it has none. */
export async function checkerOf(target: string): Promise<Checker | undefined> {
  const path = `./${target}.ts`;
  return Object.hasOwn(files, path) ? files[path]?.() : undefined;
}

/** Targets that have one. */
export const checkedTargets: readonly string[] = Object.keys(files).map((path) => path.slice(2, -3));
