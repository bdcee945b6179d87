/** Finding node types by what a person types: any word of title, type, category or description, best first. */
import { nodeList } from '@shared/nodes';
import type { NodeDefinition } from '@shared/nodes/define';
import { categoryTexts } from '@shared/texts/canvas';
import { locales } from '@shared/texts/text';

/** Types that match every word of the query; titles in either language count most. */
export function searchNodes(
  query: string,
  accepts: (definition: NodeDefinition) => boolean = () => true,
): readonly NodeDefinition[] {
  const words = query.trim().toLowerCase().split(/\s+/).filter(Boolean);
  return nodeList
    .filter(accepts)
    .map((definition) => ({ definition, score: scoreOf(definition, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ definition }) => definition);
}

function scoreOf(definition: NodeDefinition, words: readonly string[]): number {
  const { type, title, category, doc } = definition;
  const names = [type, ...locales.map((locale) => title[locale])].map((name) => name.toLowerCase());
  const rest = locales
    .map((locale) => `${categoryTexts[category][locale]} ${doc[locale]}`.toLowerCase())
    .join(' ');
  let total = 1;
  for (const word of words) {
    if (names.some((name) => name.startsWith(word))) total += 4;
    else if (names.some((name) => name.includes(word) || isSubsequence(word, name))) total += 2;
    else if (rest.includes(word)) total += 1;
    else return 0;
  }
  return total;
}

/** `avgp` finds `averagepooling2d`. */
function isSubsequence(word: string, name: string): boolean {
  if (word.length < 3) return false;
  let at = 0;
  for (const letter of name) if (letter === word[at]) at++;
  return at === word.length;
}
