/** The learning rate of every step in Python: the formulas of training/learning-rate.ts, of one schedule. */
import type { TrainingSettings } from '../../training/schema';

/** Defines `learning_rate(step, steps_per_epoch, total_steps)`. */
export function scheduleCode({ schedule, warmupEpochs }: TrainingSettings): string {
  const hasWarmup = warmupEpochs > 0;
  if (schedule === 'constant' && !hasWarmup) {
    return `def learning_rate(step, steps_per_epoch, total_steps):
    """The same in every step."""
    return SETTINGS["learningRate"]`;
  }
  const warmup = hasWarmup
    ? `    warmup = round_half_up(SETTINGS["warmupEpochs"] * steps_per_epoch)
    if step < warmup:
        return rate * step / warmup
    step, total_steps = step - warmup, total_steps - warmup
`
    : '';
  const usesRounding = hasWarmup || schedule === 'step';
  const rounding = usesRounding
    ? `def round_half_up(value):
    """Whole steps of a part of an epoch."""
    return math.floor(value + 0.5)


`
    : '';
  return `${rounding}def learning_rate(step, steps_per_epoch, total_steps):
    """Of a step, counted over the whole run from 0."""
    rate = SETTINGS["learningRate"]
${warmup}${bodies[schedule]}`;
}

const bodies = {
  constant: '    return rate',
  step: `    interval = max(1, round_half_up(SETTINGS["decayEpochs"] * steps_per_epoch))
    return rate * SETTINGS["decayFactor"] ** (step // interval)`,
  cosine: `    progress = min(step, total_steps) / max(1, total_steps)
    share = SETTINGS["finalShare"]
    return rate * (share + (1 - share) * 0.5 * (1 + math.cos(math.pi * progress)))`,
} as const;
