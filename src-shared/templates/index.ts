/** The networks that a new document can start from, in the order in which they are offered. */
import { alexnet } from './alexnet';
import { densenet } from './densenet';
import { googlenet } from './googlenet';
import { lenet, lenetWithBatchNormalization } from './lenet';
import { nin } from './nin';
import { resnet18, resnet34, resnet50 } from './resnet';
import type { Template } from './template';
import type { Text } from '../texts/text';
import { vgg11, vgg16, vgg19 } from './vgg';

export { presets, type Preset, type Template, type TemplateOptions } from './template';

export const templateGroups: readonly { readonly title: Text; readonly templates: readonly Template[] }[] = [
  {
    title: { en: 'First networks', 'zh-CN': '最早的网络' },
    templates: [lenet, lenetWithBatchNormalization],
  },
  { title: { en: 'Deeper chains', 'zh-CN': '更深的链式网络' }, templates: [alexnet, vgg11, vgg16, vgg19] },
  { title: { en: 'Networks in networks', 'zh-CN': '网络中的网络' }, templates: [nin, googlenet] },
  {
    title: { en: 'Shortcuts', 'zh-CN': '跨层连接' },
    templates: [resnet18, resnet34, resnet50, densenet],
  },
];

export const templates: readonly Template[] = templateGroups.flatMap((group) => group.templates);

export function templateOf(id: string): Template | undefined {
  return templates.find((template) => template.id === id);
}
