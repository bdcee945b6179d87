/** What fixes are called, by code: each is one press that mends a problem. */
import type { Text } from '../texts/text';

/** `filters` is `none` where no 1×1 convolution is inserted as well. */
const andConvolution = {
  en: '{filters, select, none {} other { and a 1×1 convolution with {filters} filters}}',
  'zh-CN': '{filters, select, none {} other {和含 {filters} 个卷积核的 1×1 卷积}}',
};

export const fixTexts = {
  'fix/pack-parts': { en: 'Make a block of its own: {name}', 'zh-CN': '打包为新的块：{name}' },
  'fix/kernel-size': {
    en: 'Make the kernel size {size}',
    'zh-CN': '把卷积核大小设为 {size}',
  },
  'fix/convolution': {
    en: 'Insert a 1×1 convolution with {filters} filters',
    'zh-CN': '插入含 {filters} 个卷积核的 1×1 卷积',
  },
  'fix/strided-convolution': {
    en: 'Insert a 1×1 convolution with {filters} filters and stride {strides}',
    'zh-CN': '插入含 {filters} 个卷积核、步幅为 {strides} 的 1×1 卷积',
  },
  'fix/pooling': {
    en: `Insert {window} max pooling${andConvolution.en}`,
    'zh-CN': `插入 {window} 最大池化${andConvolution['zh-CN']}`,
  },
  'fix/upsampling': {
    en: `Insert upsampling by {factor}${andConvolution.en}`,
    'zh-CN': `插入 {factor} 倍上采样${andConvolution['zh-CN']}`,
  },
  'fix/padding': {
    en: `Insert zero padding of {padding} pixels${andConvolution.en}`,
    'zh-CN': `插入 {padding} 像素的零填充${andConvolution['zh-CN']}`,
  },
  'fix/cropping': {
    en: `Insert cropping of {cropping} pixels${andConvolution.en}`,
    'zh-CN': `插入 {cropping} 像素的裁剪${andConvolution['zh-CN']}`,
  },
  'fix/padding-and-cropping': {
    en: `Insert zero padding of {padding} pixels, cropping of {cropping}${andConvolution.en}`,
    'zh-CN': `插入 {padding} 像素的零填充、{cropping} 像素的裁剪${andConvolution['zh-CN']}`,
  },
  'fix/dense': {
    en: 'Insert a dense layer with {units} units',
    'zh-CN': '插入含 {units} 个单元的全连接层',
  },
  'fix/flatten': { en: 'Insert Flatten', 'zh-CN': '插入展平' },
  'fix/global-pooling': { en: 'Insert global average pooling', 'zh-CN': '插入全局平均池化' },
  'fix/global-pooling-and-dense': {
    en: 'Insert global average pooling and a dense layer with {units} units',
    'zh-CN': '插入全局平均池化和含 {units} 个单元的全连接层',
  },
  'fix/class-count': {
    en: '{param, select, units {Set the units of {name} to {classes}} other {Set the filters of {name} to {classes}}}',
    'zh-CN':
      '{param, select, units {把 {name} 的单元数设为 {classes}} other {把 {name} 的卷积核数设为 {classes}}}',
  },
} as const satisfies Record<string, Text>;

export type FixCode = keyof typeof fixTexts;
