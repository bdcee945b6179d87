/** Finding node types by what a person types: any word of title, type, category or description, best first. */
import { nodeList } from '@shared/nodes';
import { blockNamedBy } from '@shared/document/blocks';
import type { GraphDocument } from '@shared/document/types';
import type { NodeDefinition } from '@shared/nodes/define';
import { userBlockTypes } from '@shared/nodes/resolve';
import { categoryTexts } from '@shared/texts/canvas';
import type { JsonObject } from '@shared/util/json';
import { locales } from '@shared/texts/text';

/** A node that can be added: its type, and for a block of the user's own the parameter that names it. */
export interface Offer {
  readonly key: string;
  readonly type: string;
  readonly definition: NodeDefinition;
  readonly params: JsonObject;
  /** Id of the user's block. */
  readonly block?: string;
}

/** Every type of the registry, then the user's blocks in the document. */
export function offersOf(document: Pick<GraphDocument, 'blocks'>): readonly Offer[] {
  return [
    ...nodeList.map((definition) => ({
      key: definition.type,
      type: definition.type,
      definition,
      params: {},
    })),
    ...userBlockTypes(document).map(({ definition, params }) => {
      const block = blockNamedBy({ type: definition.type, params }) ?? '';
      return { key: `${definition.type} ${block}`, type: definition.type, definition, params, block };
    }),
  ];
}

/** Offers that match every word of the query; titles in either language count most. */
export function searchNodes(
  offers: readonly Offer[],
  query: string,
  accepts: (definition: NodeDefinition) => boolean = () => true,
): readonly Offer[] {
  const words = query.trim().toLowerCase().split(/\s+/).filter(Boolean);
  return offers
    .filter(({ definition }) => accepts(definition))
    .map((offer) => ({ offer, score: scoreOf(offer.definition, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ offer }) => offer);
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
