/** Every template on small images and with narrow heads, so that tests of all of them take seconds. */
import type { GraphDocument } from '@shared/document/types';
import { templates } from '@shared/templates';

/** Of networks for which 32 pixels are too few. */
const sizes: Readonly<Record<string, readonly number[] | undefined>> = {
  lenet: [28, 28, 1],
  'lenet-bn': [28, 28, 1],
  alexnet: [72, 72, 1],
  nin: [72, 72, 1],
};

export const smallTemplates: readonly { readonly name: string; readonly document: GraphDocument }[] =
  templates.map((template) => {
    const { id } = template;
    const input = sizes[id] ?? [32, 32, 1];
    const document = template.create({ input, ...(template.hasWidths && { widthDivisor: 8 }) });
    return { name: id, document: withNarrowHead(document) };
  });

function withNarrowHead(document: GraphDocument): GraphDocument {
  const nodes = Object.entries(document.nodes).map(([id, node]) => {
    const isWide = node.type === 'Dense' && Number(node.params['units']) > 128;
    return [id, isWide ? { ...node, params: { ...node.params, units: 128 } } : node] as const;
  });
  return { ...document, nodes: Object.fromEntries(nodes) };
}
