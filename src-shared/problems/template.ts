/** Problems of templates with the options that were chosen for them. */
import type { ProblemText } from './entry';

export const templateProblemTexts = {
  'template/input-too-small': {
    message: {
      en: 'Images of {given} are too small for this network: it needs at least {smallest}.',
      'zh-CN': '{given} 的图像对该网络来说太小：至少需要 {smallest}。',
    },
    hint: {
      en: 'Choose a larger height and width: grey images of 28×28 are then scaled up by a Resizing node.',
      'zh-CN': '请选择更大的高和宽：28×28 的灰度图像随后会由“调整大小”节点放大。',
    },
  },
} as const satisfies Record<string, ProblemText>;
