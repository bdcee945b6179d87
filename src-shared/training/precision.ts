/** The number formats in which a network computes; its weights are float32 under each. */
import type { Capabilities } from '../ir/capabilities';
import type { FloatType } from '../ir/types';
import type { Text } from '../texts/text';

export const precisionNames = ['fp32', 'bf16', 'fp16'] as const;
export type Precision = (typeof precisionNames)[number];

interface PrecisionFacts {
  readonly title: Text;
  /** In which convolutions and matrix products compute. */
  readonly type: FloatType;
  /** Small gradients would become zero. */
  readonly needsLossScaling: boolean;
}

export const precisions: Readonly<Record<Precision, PrecisionFacts>> = {
  fp32: {
    title: { en: 'fp32', 'zh-CN': 'fp32' },
    type: 'float32',
    needsLossScaling: false,
  },
  bf16: {
    title: { en: 'bf16 mixed', 'zh-CN': 'bf16 混合' },
    type: 'bfloat16',
    needsLossScaling: false,
  },
  fp16: {
    title: { en: 'fp16 mixed, scaled loss', 'zh-CN': 'fp16（缩放损失）' },
    type: 'float16',
    needsLossScaling: true,
  },
};

/** Those in which a device computes, and gains by it. */
export function precisionsOf(capabilities: Capabilities): readonly Precision[] {
  return precisionNames.filter((name) => isPossible(name, capabilities));
}

export function isPossible(name: Precision, capabilities: Capabilities): boolean {
  const { type } = precisions[name];
  return type === 'float32' || capabilities[type];
}
