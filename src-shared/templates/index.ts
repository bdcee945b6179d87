/** The networks that a new document can start from, in the order in which they are offered. */
import { lenet, lenetWithBatchNormalization } from './lenet';
import type { Template } from './template';

export type { Template, TemplateOptions } from './template';

export const templates: readonly Template[] = [lenet, lenetWithBatchNormalization];

export function templateOf(id: string): Template | undefined {
  return templates.find((template) => template.id === id);
}
