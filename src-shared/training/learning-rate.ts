/** How the learning rate changes while a network trains: settings, and the rate of every step. */
import { choice, float } from '../params/fields';
import type { ParamsOf } from '../params/field';
import type { Json } from '../util/json';

const isSchedule =
  (schedule: string) =>
  (values: Readonly<Record<string, Json>>): boolean =>
    values['schedule'] === schedule;

export const scheduleFields = {
  schedule: choice({
    default: 'constant',
    choices: [
      { value: 'constant', label: { en: 'Constant', 'zh-CN': '不变' } },
      { value: 'step', label: { en: 'In steps', 'zh-CN': '阶梯衰减' } },
      { value: 'cosine', label: { en: 'Cosine', 'zh-CN': '余弦衰减' } },
    ],
    label: { en: 'Schedule', 'zh-CN': '学习率调度' },
    doc: {
      en: 'How the learning rate changes: not at all, by a factor every few epochs, or along half a cosine to the end of the run.',
      'zh-CN': '学习率如何变化：不变、每隔几轮乘以一个系数，或沿半个余弦降到运行结束。',
    },
  }),
  decayEpochs: float({
    default: 10,
    min: 0.01,
    max: 10000,
    step: 1,
    label: { en: 'Decay every (epochs)', 'zh-CN': '衰减间隔（轮）' },
    doc: {
      en: 'Epochs, counted from the end of the warm-up, after which the learning rate is multiplied by the decay factor again.',
      'zh-CN': '从预热结束算起，每隔这么多轮，学习率再乘一次衰减系数。',
    },
    isRelevant: isSchedule('step'),
  }),
  decayFactor: float({
    default: 0.1,
    min: 0,
    max: 1,
    step: 0.1,
    label: { en: 'Decay factor', 'zh-CN': '衰减系数' },
    doc: { en: 'What the learning rate is multiplied by.', 'zh-CN': '学习率所乘的系数。' },
    isRelevant: isSchedule('step'),
  }),
  finalShare: float({
    default: 0,
    min: 0,
    max: 1,
    step: 0.01,
    label: { en: 'Final share', 'zh-CN': '最终比例' },
    doc: {
      en: 'Share of the learning rate at which the cosine ends.',
      'zh-CN': '余弦衰减结束时学习率所剩的比例。',
    },
    isRelevant: isSchedule('cosine'),
  }),
  warmupEpochs: float({
    default: 0,
    min: 0,
    max: 10000,
    step: 1,
    label: { en: 'Warm-up (epochs)', 'zh-CN': '预热（轮）' },
    doc: {
      en: 'Epochs in which the learning rate first rises evenly from 0; the schedule begins after them.',
      'zh-CN': '学习率先从 0 均匀上升的轮数；之后才开始调度。',
    },
  }),
};

export type ScheduleSettings = ParamsOf<typeof scheduleFields> & { readonly learningRate: number };

/** Sizes of a run, in steps. */
export interface RunLength {
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
}

/** Steps of the warm-up; a part of an epoch counts as whole steps. */
function warmupSteps(
  { warmupEpochs }: Pick<ScheduleSettings, 'warmupEpochs'>,
  { stepsPerEpoch }: RunLength,
): number {
  return Math.round(warmupEpochs * stepsPerEpoch);
}

/**
 * The learning rate of step `step`, counted over the whole run from 0. Keras's formulas: warm-up and cosine as in
 * `CosineDecay(0, decay_steps, alpha, warmup_target, warmup_steps)`, steps as in `ExponentialDecay(staircase=True)`,
 * both with `decay_steps` counted from the end of the warm-up; the cosine ends with the run.
 */
export function learningRateAt(settings: ScheduleSettings, length: RunLength, step: number): number {
  const { learningRate } = settings;
  const warmup = warmupSteps(settings, length);
  if (step < warmup) return learningRate * (step / warmup);
  return learningRate * decayed(settings, length, step - warmup, length.totalSteps - warmup);
}

function decayed(
  { schedule, decayEpochs, decayFactor, finalShare }: ScheduleSettings,
  { stepsPerEpoch }: RunLength,
  step: number,
  steps: number,
): number {
  if (schedule === 'step') {
    const interval = Math.max(1, Math.round(decayEpochs * stepsPerEpoch));
    return decayFactor ** Math.floor(step / interval);
  }
  if (schedule === 'cosine') {
    const progress = Math.min(step, steps) / Math.max(1, steps);
    return finalShare + (1 - finalShare) * 0.5 * (1 + Math.cos(Math.PI * progress));
  }
  return 1;
}

/** Whether all steps have the same rate. */
export function isConstantRate({
  schedule,
  warmupEpochs,
}: Pick<ScheduleSettings, 'schedule' | 'warmupEpochs'>): boolean {
  return schedule === 'constant' && warmupEpochs === 0;
}
