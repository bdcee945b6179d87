/** What must hold of every document, however it came about. */
import { expect } from 'vitest';
import { wireKey, type GraphDocument } from '@shared/document/types';

/** No dangling wires, no gaps between numbered ports, records keyed by what they hold, counters above all ids. */
export function expectSound({ nodes, wires, lastIds }: GraphDocument): void {
  for (const [id, node] of Object.entries(nodes)) {
    expect(node.id).toBe(id);
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
