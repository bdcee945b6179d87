/** Loss, penalties and counts of right answers in Python: docs/losses.md. */
import { topKOf } from '../../losses/objective';
import type { ExportModel } from '../model';
import { torchWeights } from '../pytorch/weight-names';
import type { TrainingSettings } from '../../training/schema';
import { pythonDictionary } from './values';

export function lossCode(model: ExportModel): string {
  const { settings, classes } = model;
  return [
    losses(settings),
    settings.classWeights.length > 0 ? weighted : unweighted,
    penalties(model),
    counts(topKOf(settings, classes)),
  ].join('\n\n\n');
}

/** Defines `losses_of(logits, labels)`, one loss per image; tests take it without class weights. */
function losses({ loss, labelSmoothing }: TrainingSettings): string {
  const head = `def losses_of(logits, labels):
    """One loss per image."""`;
  if (loss === 'softmaxCrossEntropy') {
    if (labelSmoothing === 0) {
      return `${head}
    return F.cross_entropy(logits, labels, reduction="none")`;
    }
    return `${head}
    smoothing = SETTINGS["labelSmoothing"]
    return F.cross_entropy(logits, labels, reduction="none", label_smoothing=smoothing)`;
  }
  const targets = `    targets = F.one_hot(labels, logits.shape[1]).float()`;
  if (loss === 'meanSquaredError') {
    return `${head}
${targets}
    return F.mse_loss(logits, targets, reduction="none").mean(1)`;
  }
  const smoothed =
    labelSmoothing === 0
      ? ''
      : `
    smoothing = SETTINGS["labelSmoothing"]
    targets = targets * (1 - smoothing) + smoothing / 2`;
  return `${head}
${targets}${smoothed}
    losses = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    return losses.mean(1)`;
}

const weighted = `def weighted(losses, labels):
    """How much each training image counts; tests do without."""
    return losses * torch.tensor(SETTINGS["classWeights"], device=labels.device)[labels]`;

const unweighted = `def weighted(losses, labels):
    """All classes count the same."""
    return losses`;

/** Defines `penalty(model)`, a scalar. Frozen kernels have none. */
function penalties(model: ExportModel): string {
  const asked = torchWeights(model).flatMap(({ torchName, path, role, isTrainable }) => {
    const layer = model.layers.find((each) => each.path === path);
    const [l1, l2] = ['kernelRegularizerL1', 'kernelRegularizerL2'].map((name) =>
      Number(layer?.params[name] ?? 0),
    );
    const isAsked = isTrainable && role.toLowerCase().endsWith('kernel') && ((l1 ?? 0) > 0 || (l2 ?? 0) > 0);
    return isAsked ? [[torchName, [l1 ?? 0, l2 ?? 0]] as const] : [];
  });
  if (asked.length === 0) {
    return `def penalty(model):
    """No kernel has one."""
    return torch.zeros(())`;
  }
  return `# Of each kernel: l1, l2.
${pythonDictionary('PENALTIES', asked)}


def penalty(model):
    """Sum of l1 |w| + l2 w^2 over the kernels that have it."""
    kernels = ((model.get_parameter(name), *factors) for name, factors in PENALTIES.items())
    return sum(l1 * w.abs().sum() + l2 * w.square().sum() for w, l1, l2 in kernels)`;
}

/** Defines `counts_of(logits, labels)` and the names of what is counted. */
function counts(topK: number | undefined): string {
  if (topK === undefined) {
    return `COUNTED = ["accuracy"]


def counts_of(logits, labels):
    """How many answers are right."""
    return [(logits.argmax(1) == labels).sum()]`;
  }
  return `COUNTED = ["accuracy", "topK"]


def counts_of(logits, labels):
    """How many answers are right, and how many labels have fewer than k classes before them."""
    larger = (logits > logits.gather(1, labels[:, None])).sum(1)
    return [(logits.argmax(1) == labels).sum(), (larger < SETTINGS["k"]).sum()]`;
}
