/** The networks that a new document can start from, in the order in which they are offered. */
import { alexnet } from './alexnet';
import { densenet } from './densenet';
import { googlenet } from './googlenet';
import { lenet, lenetWithBatchNormalization } from './lenet';
import { nin } from './nin';
import { resnet18, resnet34, resnet50 } from './resnet';
import type { Template } from './template';
import { vgg11, vgg16, vgg19 } from './vgg';

export { presets, type Preset, type Template, type TemplateOptions } from './template';

export const templates: readonly Template[] = [
  lenet,
  lenetWithBatchNormalization,
  alexnet,
  vgg11,
  vgg16,
  vgg19,
  nin,
  googlenet,
  resnet18,
  resnet34,
  resnet50,
  densenet,
];

export function templateOf(id: string): Template | undefined {
  return templates.find((template) => template.id === id);
}
