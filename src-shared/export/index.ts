/** The open set of export targets, found by their folders: a new target is a new folder, and nothing else. */
import { invariant } from '../util/assert';
import { type AnyTarget, type ExportTarget, isDrawing, targetGroups } from './target';

const files: Readonly<Record<string, AnyTarget | undefined>> = import.meta.glob('./*/index.ts', {
  eager: true,
  import: 'default',
});

function collect(): readonly AnyTarget[] {
  const found = Object.entries(files).map(([path, target]) => {
    invariant(target, `${path} has no default export`);
    invariant(path === `./${target.id}/index.ts`, `the target ${target.id} stands in ${path}`);
    return target;
  });
  return found.sort(
    (a, b) =>
      targetGroups.indexOf(a.group) - targetGroups.indexOf(b.group) || (a.title.en < b.title.en ? -1 : 1),
  );
}

/** By group, then by title: exports of the network, and pictures. */
export const allTargets: readonly AnyTarget[] = collect();

/** The target of that id; undefined when there is none. */
export function anyTargetOf(id: string): AnyTarget | undefined {
  return allTargets.find((target) => target.id === id);
}

/** Exports of the network alone. */
export const exportTargets: readonly ExportTarget[] = allTargets.filter(
  (target): target is ExportTarget => !isDrawing(target),
);

/** The one of that id; undefined when there is none. */
export function exportTargetOf(id: string): ExportTarget | undefined {
  return exportTargets.find((target) => target.id === id);
}
