/** New documents from templates, set to a data set that is on this machine: a packaged app brings only one. */
import { emptyDocument } from '@shared/document/create';
import type { GraphDocument } from '@shared/document/types';
import { datasets } from '@shared/datasets';
import { templateOf, type TemplateOptions } from '@shared/templates';
import { parseTraining } from '@shared/training/settings';

/** The template's document, or an empty one where there is no such template. */
export function freshDocument(
  template: string | undefined,
  present: ReadonlySet<string>,
  options: TemplateOptions = {},
): GraphDocument {
  const document = template === undefined ? undefined : templateOf(template)?.create(options);
  return withPresentDataset(document ?? emptyDocument(), present);
}

/** As it is, where its data set is present or none is. */
function withPresentDataset(document: GraphDocument, present: ReadonlySet<string>): GraphDocument {
  const { dataset } = parseTraining(document.training).settings;
  const other = datasets.find(({ id }) => present.has(id));
  if (present.has(dataset) || other === undefined) return document;
  return { ...document, training: { ...document.training, dataset: other.id } };
}
