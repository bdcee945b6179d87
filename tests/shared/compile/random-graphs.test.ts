/** Networks at random: what is valid compiles, what is broken is named at a node, and nothing throws. */
import { emptyDocument } from '@shared/document/create';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyse } from '@shared/compile/analyse';
import { compileDocument } from '@shared/compile/compile';
import type { GraphDocument } from '@shared/document/types';
import { nodeList } from '@shared/nodes';
import { formatFix, formatProblem } from '@shared/problems/format';
import type { Problem } from '@shared/problems/problem';
import { locales } from '@shared/texts/text';
import type { Json } from '@shared/util/json';
import { breakageNames, Chooser, decisions, invalidGraph, validGraph } from '../random-graphs';

const errorsOf = (document: GraphDocument): readonly Problem[] =>
  analyse(document).problems.filter(({ severity }) => severity === 'error');

/** Both languages have words for the problem and its fixes. */
function expectWords(problem: Problem): void {
  for (const locale of locales) {
    const { message, hint } = formatProblem(problem, locale);
    expect(message.length * hint.length).toBeGreaterThan(0);
    for (const fix of problem.fixes ?? []) expect(formatFix(fix, locale)).not.toBe('');
  }
}

/** Thousands of graphs take seconds, more on a busy machine. */
const timeout = 60_000;

it('valid networks have no errors and compile', { timeout }, () => {
  const types = new Set<string>();
  fc.assert(
    fc.property(decisions, (numbers) => {
      const document = validGraph(new Chooser(numbers));
      for (const { type } of Object.values(document.nodes)) types.add(type);
      expect(errorsOf(document)).toEqual([]);
      expect(compileDocument(document).ok).toBe(true);
    }),
    { numRuns: 1000, seed: 3 },
  );
  expect(nodeList.map(({ type }) => type).filter((type) => !types.has(type))).toEqual([]);
});

it('broken networks have a problem at a node, in words, and do not compile', { timeout }, () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(decisions, (numbers) => {
      const { document, how } = invalidGraph(new Chooser(numbers));
      seen.add(how);
      const errors = errorsOf(document);
      expect(
        errors.filter(({ node }) => node !== undefined && document.nodes[node]),
        how,
      ).not.toEqual([]);
      errors.forEach(expectWords);
      expect(compileDocument(document).ok).toBe(false);
    }),
    { numRuns: 2000, seed: 4 },
  );
  expect([...seen].sort()).toEqual([...breakageNames].sort());
});

describe('anything wired to anything', () => {
  const names = [...new Set(nodeList.flatMap(({ params }) => Object.keys(params))), 'odd'];
  const value: fc.Arbitrary<Json> = fc.oneof(
    fc.integer({ min: -2, max: 9 }),
    fc.constantFrom<Json>('same', 'valid', 'custom', 'bilinear', 'none', null, true, 1e9),
    fc.array(fc.integer({ min: -1, max: 5 }), { maxLength: 4 }),
    fc.array(fc.array(fc.integer({ min: -1, max: 5 }), { maxLength: 3 }), { maxLength: 3 }),
  );
  const node = fc.record({
    type: fc.constantFrom('Lambda', ...nodeList.map(({ type }) => type)),
    params: fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 5 }),
  });
  const graph = fc.record({
    nodes: fc.array(node, { minLength: 1, maxLength: 9 }),
    wires: fc.array(fc.tuple(fc.nat(8), fc.nat(8), fc.constantFrom('in', 'in0', 'in1', 'in2')), {
      maxLength: 14,
    }),
  });

  it('never throws; what has no error compiles, and problems name nodes that exist', { timeout }, () => {
    fc.assert(
      fc.property(graph, ({ nodes, wires }) => {
        const document = documentOf(nodes, wires);
        const { problems } = analyse(document);
        for (const found of problems) {
          if (found.node !== undefined) expect(document.nodes).toHaveProperty(found.node);
          expectWords(found);
        }
        const hasError = problems.some(({ severity }) => severity === 'error');
        expect(compileDocument(document).ok).toBe(!hasError);
      }),
      { numRuns: 3000, seed: 6 },
    );
  });
});

function documentOf(
  nodes: readonly { readonly type: string; readonly params: Readonly<Record<string, Json>> }[],
  wires: readonly (readonly [number, number, string])[],
): GraphDocument {
  const ids = nodes.map((_, i) => `n_${i}`);
  const named = nodes.map(({ type, params }, i) => {
    const id = `n_${i}`;
    return [id, { id, type, name: id, position: { x: 0, y: 0 }, params }] as const;
  });
  const joined = wires.flatMap(([from, to, port]) => {
    const [source, target] = [ids[from], ids[to]];
    if (source === undefined || target === undefined) return [];
    return [[`${target}.${port}`, { from: [source, 'out'], to: [target, port] } as const] as const];
  });
  return { ...emptyDocument(), nodes: Object.fromEntries(named), wires: Object.fromEntries(joined) };
}
