/** The settings by which training images are changed at random, so that a network does not learn them by heart. */
import { choice, float, int } from '../params/fields';
import type { ParamsOf } from '../params/field';

export const augmentationFields = {
  randomFlip: choice({
    default: 'none',
    choices: [
      { value: 'none', label: { en: 'None', 'zh-CN': '无' } },
      { value: 'horizontal', label: { en: 'Left and right', 'zh-CN': '左右' } },
      { value: 'vertical', label: { en: 'Top and bottom', 'zh-CN': '上下' } },
      { value: 'both', label: { en: 'Both', 'zh-CN': '左右和上下' } },
    ],
    label: { en: 'Random flip', 'zh-CN': '随机翻转' },
    doc: {
      en: 'Mirrors every other training image, by chance. For digits and letters a mirrored image is another one: leave it out.',
      'zh-CN': '随机镜像一半的训练图像。数字和字母镜像后含义会变，请不要使用。',
    },
  }),
  randomCrop: int({
    default: 0,
    min: 0,
    max: 512,
    label: { en: 'Random crop (pixels)', 'zh-CN': '随机裁剪（像素）' },
    doc: {
      en: 'Pads training images by this many black pixels on every side and cuts the old size out at a random place.',
      'zh-CN': '在训练图像四周各填充这么多黑色像素，再随机裁剪出原来的大小。',
    },
  }),
  randomRotation: float({
    default: 0,
    min: 0,
    max: 180,
    step: 5,
    label: { en: 'Random rotation (degrees)', 'zh-CN': '随机旋转（度）' },
    doc: {
      en: 'Turns training images about their centre by up to this many degrees, either way.',
      'zh-CN': '绕中心将训练图像向任一方向旋转，最多这么多度。',
    },
  }),
  randomZoom: float({
    default: 0,
    min: 0,
    max: 0.9,
    step: 0.05,
    label: { en: 'Random zoom', 'zh-CN': '随机缩放' },
    doc: {
      en: 'Enlarges or shrinks training images by up to this share: 0.2 draws factors from 0.8 to 1.2.',
      'zh-CN': '按最多此比例放大或缩小训练图像：0.2 表示倍数在 0.8 到 1.2 之间。',
    },
  }),
  randomBrightness: float({
    default: 0,
    min: 0,
    max: 1,
    step: 0.05,
    label: { en: 'Random brightness', 'zh-CN': '随机亮度' },
    doc: {
      en: 'Makes training images lighter or darker by up to this share of the whole range.',
      'zh-CN': '将训练图像调亮或调暗，最多为整个亮度范围的这一比例。',
    },
  }),
};

export type AugmentationSettings = ParamsOf<typeof augmentationFields>;
