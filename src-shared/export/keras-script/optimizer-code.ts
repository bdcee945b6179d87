/** Optimiser and learning rate in the script: src-shared/optimizers and src-shared/training/learning-rate.ts in Keras. */
import { isConstantRate } from '../../training/learning-rate';
import type { TrainingSettings } from '../../training/schema';

/** Defines `make_optimizer(variables)`. */
export function optimizerCode(settings: TrainingSettings): string {
  const { optimizer, weightDecay } = settings;
  const isPlainSgd = optimizer === 'sgd' && weightDecay === 0;
  const isSgd = ['sgd', 'momentum', 'nesterov'].includes(optimizer);
  const isDecoupled = optimizer === 'adamw' && weightDecay > 0;
  const made = isPlainSgd
    ? ["    return keras.optimizers.SGD(SETTINGS['learningRate'])"]
    : isSgd
      ? sgdCall(optimizer)
      : isDecoupled
        ? adamw
        : [`    return ${others[optimizer === 'rmsprop' ? 'rmsprop' : 'adam']}`];
  const make = ['def make_optimizer(variables):', ...made].join('\n');
  const needsKernels = (isSgd && weightDecay > 0) || isDecoupled;
  return [
    ...(needsKernels ? [isKernel] : []),
    ...(isSgd && !isPlainSgd ? [sgdClass(settings)] : []),
    make,
  ].join('\n\n\n');
}

const others = {
  adam: "keras.optimizers.Adam(SETTINGS['learningRate'], beta_1=0.9, beta_2=0.999, epsilon=1e-7)",
  rmsprop: "keras.optimizers.RMSprop(SETTINGS['learningRate'], rho=0.9, momentum=0.0, epsilon=1e-7)",
};

const adamw = [
  '    optimizer = keras.optimizers.AdamW(',
  "        SETTINGS['learningRate'],",
  "        weight_decay=SETTINGS['weightDecay'],",
  '        beta_1=0.9,',
  '        beta_2=0.999,',
  '        epsilon=1e-7,',
  '    )',
  '    others = [variable for variable in variables if not is_kernel(variable)]',
  '    optimizer.exclude_from_weight_decay(var_list=others)',
  '    return optimizer',
];

const isKernel = `def is_kernel(variable):
    """Weight decay is for kernels: biases and normalisation are left alone."""
    return variable.name.endswith('kernel')`;

function sgdCall(optimizer: string): readonly string[] {
  const momentum = optimizer === 'sgd' ? '0.0' : "SETTINGS['momentum']";
  const isNesterov = optimizer === 'nesterov' ? 'True' : 'False';
  return [`    return Momentum(SETTINGS['learningRate'], momentum=${momentum}, is_nesterov=${isNesterov})`];
}

/** Keras's own SGD multiplies by the learning rate inside the momentum, and decays apart from the gradient. */
function sgdClass({ weightDecay }: TrainingSettings): string {
  const decay =
    weightDecay === 0
      ? ''
      : `
        if is_kernel(variable):
            gradient = gradient + SETTINGS['weightDecay'] * variable`;
  return `class Momentum(keras.optimizers.Optimizer):
    """momentum = share * momentum + gradient; the learning rate and weight decay as PyTorch has them."""

    def __init__(self, learning_rate, momentum, is_nesterov):
        super().__init__(learning_rate=learning_rate, name='momentum')
        self.share = momentum
        self.is_nesterov = is_nesterov

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.momentums = [
            self.add_variable_from_reference(variable, name='momentum') for variable in variables
        ]

    def update_step(self, gradient, variable, learning_rate):
        rate = keras.ops.cast(learning_rate, variable.dtype)
        momentum = self.momentums[self._get_variable_index(variable)]${decay}
        self.assign(momentum, self.share * momentum + gradient)
        step = gradient + self.share * momentum if self.is_nesterov else momentum
        self.assign_sub(variable, rate * step)`;
}

const schedules = {
  constant: '    return rate',
  step: `    interval = max(1, round(SETTINGS['decayEpochs'] * steps_per_epoch))
    return rate * SETTINGS['decayFactor'] ** ((step - warmup) // interval)`,
  cosine: `    length = max(1, total_steps - warmup)
    progress = min(step - warmup, length) / length
    share = SETTINGS['finalShare']
    return rate * (share + (1 - share) * 0.5 * (1 + math.cos(math.pi * progress)))`,
};

/** Defines `learning_rate_at(step, steps_per_epoch, total_steps)`. */
export function scheduleCode(settings: TrainingSettings): string {
  if (isConstantRate(settings)) {
    return `def learning_rate_at(step, steps_per_epoch, total_steps):
    """The same for every step."""
    return SETTINGS['learningRate']`;
  }
  return `def learning_rate_at(step, steps_per_epoch, total_steps):
    """Of a step, counted from 0 over the whole run; steps of the warm-up come first."""
    rate = SETTINGS['learningRate']
    warmup = round(SETTINGS['warmupEpochs'] * steps_per_epoch)
    if step < warmup:
        return rate * step / warmup
${schedules[settings.schedule]}`;
}
