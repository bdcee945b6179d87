/** Why a run computes on the processor, in words. */
import type { Text } from '../texts/text';

export const gpuAbsenceTexts = {
  'gpu/not-asked': {
    en: 'The processor was asked for.',
    'zh-CN': '已指定使用处理器。',
  },
  'gpu/no-device': {
    en: 'No NVIDIA device was found.',
    'zh-CN': '没有找到 NVIDIA 设备。',
  },
  'gpu/no-build': {
    en: 'An NVIDIA device is here, but TensorFlow for it is not installed; npm run bootstrap fetches it.',
    'zh-CN': '有 NVIDIA 设备，但没有安装对应的 TensorFlow；请运行 npm run bootstrap 获取。',
  },
  'gpu/build-broken': {
    en: 'TensorFlow for the NVIDIA device could not be loaded; CUDA or cuDNN may be missing.',
    'zh-CN': '无法加载用于 NVIDIA 设备的 TensorFlow；可能缺少 CUDA 或 cuDNN。',
  },
  'gpu/not-usable': {
    en: 'TensorFlow did not accept the NVIDIA device; its driver, CUDA or cuDNN may be missing or too old.',
    'zh-CN': 'TensorFlow 无法使用该 NVIDIA 设备；驱动、CUDA 或 cuDNN 可能缺失或过旧。',
  },
} as const satisfies Record<string, Text>;

export type GpuAbsence = keyof typeof gpuAbsenceTexts;
