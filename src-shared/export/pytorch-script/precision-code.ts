/** Mixed precision in Python: autocast, and for float16 a scaled loss. Scripts in fp32 have none of it. */
import { FIRST_SCALE, GROWTH_INTERVAL } from '../../compile/loss-scaling';
import { type Precision, precisions } from '../../training/precision';

/** What the loop, and what a run keeps, say otherwise. */
export interface PrecisionParts {
  /** Products are in 16 bits: `logits_of(network, images)` is defined. */
  readonly isMixed: boolean;
  /** And gradients are scaled: `check_device(device)` and `make_scaler(device)` are. */
  readonly isScaled: boolean;
}

export function precisionParts(precision: Precision): PrecisionParts {
  const { type, needsLossScaling } = precisions[precision];
  return { isMixed: type !== 'float32', isScaled: needsLossScaling };
}

/** For the head of the script: lines of their own, or nothing. */
export function precisionText(precision: Precision): string {
  const { isMixed, isScaled } = precisionParts(precision);
  const { type } = precisions[precision];
  if (!isMixed) return '';
  const scaled = isScaled ? '\nGradients are scaled against underflow, which needs an NVIDIA GPU.' : '';
  return `\n\nProducts are in ${type}; weights, the loss and checkpoints are float32.${scaled}`;
}

/** The definitions; none for fp32. */
export function precisionCode(precision: Precision): readonly string[] {
  const { isMixed, isScaled } = precisionParts(precision);
  return [
    ...(isMixed ? [forward(precisions[precision].type)] : []),
    ...(isScaled ? [scaling(precision)] : []),
  ];
}

const forward = (type: string): string => `def logits_of(network, images):
    """Products in ${type}; weights are float32, and so is what the loss takes."""
    with torch.autocast(images.device.type, dtype=torch.${type}):
        logits = network(images)
    return logits.float()`;

const scaling = (precision: Precision): string => `def check_device(device):
    """On processors PyTorch takes many times as long in float16 as in float32."""
    if device.type != "cuda":
        raise SystemExit(
            "the precision ${precision} needs an NVIDIA GPU with CUDA, and this runs on the CPU; "
            "export the script again from a document in bf16 or fp32"
        )


def make_scaler(device):
    """Small gradients would be zero in float16; steps whose gradients overflow are skipped."""
    return torch.amp.GradScaler(
        device.type, init_scale=${FIRST_SCALE}, growth_interval=${GROWTH_INTERVAL}
    )`;
