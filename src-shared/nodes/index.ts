/** The open set of node types, found by their files: a new node is a new file, and nothing else. */
import { snakeCase } from '../util/case';
import { invariant } from '../util/assert';
import { categories, type NodeDefinition } from './define';

const files: Readonly<Record<string, NodeDefinition | undefined>> = import.meta.glob('./*/*.ts', {
  eager: true,
  import: 'default',
});

function collect(): ReadonlyMap<string, NodeDefinition> {
  const found = new Map<string, NodeDefinition>();
  for (const [path, definition] of Object.entries(files)) {
    invariant(definition, `${path} has no default export`);
    const expected = `./${definition.category}/${snakeCase(definition.type).replaceAll('_', '-')}.ts`;
    invariant(path === expected, `the node ${definition.type} stands in ${path}, expected ${expected}`);
    invariant(!found.has(definition.type), `${path} defines ${definition.type} a second time`);
    found.set(definition.type, definition);
  }
  return found;
}

export const nodeTypes: ReadonlyMap<string, NodeDefinition> = collect();

/** In the order of the palette: by category, then by title. */
export const nodeList: readonly NodeDefinition[] = [...nodeTypes.values()].sort(
  (a, b) =>
    categories.indexOf(a.category) - categories.indexOf(b.category) || (a.title.en < b.title.en ? -1 : 1),
);

/** The input ports to show when `wired` of them have a wire: variadic nodes always have a free one. */
export function inputPortNames({ inputs }: NodeDefinition, wired: number): readonly string[] {
  if (inputs.kind === 'none') return [];
  if (inputs.kind === 'single') return ['in'];
  if (inputs.kind === 'named') return inputs.ports;
  return Array.from({ length: Math.max(inputs.min, wired + 1) }, (_, i) => `in${i}`);
}
