/** What must hold of every document, however it came about. */
import { expect } from 'vitest';
import { innerFirst } from '@shared/document/blocks';
import { wireKey, type GraphDocument } from '@shared/document/types';

/** No dangling wires, no gaps between numbered ports, records keyed by what they hold, counters above all ids. */
export function expectSound({ nodes, wires, blocks, groups, lastIds }: GraphDocument): void {
  const expanded = Object.fromEntries(Object.values(groups).map(({ node }) => [node.id, node]));
  for (const id of Object.keys(expanded)) expect(Object.keys(nodes)).not.toContain(id);
  expect(Object.keys(expanded)).toHaveLength(Object.keys(groups).length);
  for (const { members } of Object.values(groups)) {
    const ids = Object.values(members).map(({ id }) => id);
    expect(ids.some((id) => id in nodes || id in expanded)).toBe(true);
  }
  expect(innerFirst(blocks).recursive).toEqual([]);
  for (const [id, node] of Object.entries({ ...nodes, ...blocks, ...groups, ...expanded })) {
    if (!(id in expanded)) expect(node.id).toBe(id);
    expect(id).toMatch(/^[a-z][a-z0-9_]{0,63}$/);
    const [, prefix = '', digits] = /^(.+)_(\d{1,9})$/.exec(id) ?? [];
    if (digits !== undefined && !/^0\d/.test(digits)) expect(lastIds[prefix]).toBeGreaterThanOrEqual(+digits);
  }
  for (const [key, wire] of Object.entries(wires)) {
    expect(wireKey(wire.to)).toBe(key);
    for (const [end] of [wire.from, wire.to]) expect(Object.keys(nodes)).toContain(end);
  }
  for (const id of Object.keys(nodes)) {
    const ports = Object.values(wires)
      .filter(({ to: [node, port] }) => node === id && /^in(0|[1-9]\d{0,8})$/.test(port))
      .map(({ to }) => to[1]);
    expect(new Set(ports)).toEqual(new Set(ports.map((_port, index) => `in${index}`)));
  }
}

/** What commands add to that: names are unique and no wires form a circle. */
export function expectDrawn({ nodes, wires }: GraphDocument): void {
  const names = Object.values(nodes).map((node) => node.name);
  expect(new Set(names).size).toBe(names.length);
  const left = new Set(Object.keys(nodes));
  for (let before = -1; before !== left.size;) {
    before = left.size;
    for (const id of [...left]) {
      const isFed = Object.values(wires).some(({ from, to }) => to[0] === id && left.has(from[0]));
      if (!isFed) left.delete(id);
    }
  }
  expect([...left]).toEqual([]);
}

/** The document but for its counters, which undo leaves as they are. */
export function contentOf({ lastIds: _lastIds, ...content }: GraphDocument) {
  return content;
}
