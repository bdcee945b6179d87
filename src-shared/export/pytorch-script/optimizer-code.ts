/** The optimiser in Python: PyTorch's own where its formula is ours, with what makes it so. */
import type { TrainingSettings } from '../../training/schema';
import { optimizerOf } from '../../optimizers';

/** Defines `make_optimizer(model)` and `set_rate(optimizer, rate, step)`. */
export function optimizerCode({ optimizer, weightDecay }: TrainingSettings): string {
  const decays = optimizerOf(optimizer).usesWeightDecay && weightDecay > 0;
  const isAdam = optimizer === 'adam' || optimizer === 'adamw';
  return [
    ...(optimizer === 'rmsprop' ? [rmsprop] : []),
    decays ? decayed : undecayed,
    `def make_optimizer(model):
    """Of the parameters that are not frozen."""
    return ${constructors[optimizer]}`,
    isAdam ? adamRate : plainRate,
  ].join('\n\n\n');
}

const undecayed = `def groups_of(model):
    """All parameters alike."""
    return [parameter for parameter in model.parameters() if parameter.requires_grad]`;

/** Biases and normalisation are left alone. */
const decayed = `def groups_of(model):
    """Weight decay shrinks kernels only."""
    modules = (each for each in model.modules() if isinstance(each, KERNEL_MODULES))
    kernels = {id(module.weight) for module in modules}
    learned = [parameter for parameter in model.parameters() if parameter.requires_grad]
    return [
        {
            "params": [each for each in learned if id(each) in kernels],
            "weight_decay": SETTINGS["weightDecay"],
        },
        {"params": [each for each in learned if id(each) not in kernels], "weight_decay": 0.0},
    ]`;

const rate = 'lr=SETTINGS["learningRate"]';

const constructors = {
  sgd: `torch.optim.SGD(groups_of(model), ${rate})`,
  momentum: `torch.optim.SGD(
        groups_of(model), ${rate}, momentum=SETTINGS["momentum"]
    )`,
  nesterov: `torch.optim.SGD(
        groups_of(model),
        ${rate},
        momentum=SETTINGS["momentum"],
        nesterov=SETTINGS["momentum"] > 0,
    )`,
  adam: `torch.optim.Adam(groups_of(model), ${rate})`,
  adamw: `torch.optim.AdamW(groups_of(model), ${rate}, weight_decay=0.0)`,
  rmsprop: `RMSprop(groups_of(model), ${rate})`,
} as const;

const plainRate = `def set_rate(optimizer, rate, step):
    """For the step that comes."""
    for group in optimizer.param_groups:
        group["lr"] = rate`;

/** PyTorch adds epsilon after correcting the second moment's bias, TensorFlow before. */
const adamRate = `def set_rate(optimizer, rate, step):
    """For the step that comes. TensorFlow adds epsilon before it corrects the bias."""
    for group in optimizer.param_groups:
        group["lr"] = rate
        group["eps"] = 1e-7 / math.sqrt(1 - 0.999 ** (step + 1))`;

const rmsprop = `class RMSprop(torch.optim.Optimizer):
    """TensorFlow's formula, with epsilon under the root."""

    def __init__(self, params, lr):
        super().__init__(params, {"lr": lr})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                state = self.state[parameter]
                if not state:
                    state["velocity"] = torch.zeros_like(parameter)
                velocity = state["velocity"]
                velocity.mul_(0.9).addcmul_(parameter.grad, parameter.grad, value=0.1)
                parameter.sub_(group["lr"] * parameter.grad * (velocity + 1e-7).rsqrt())`;
