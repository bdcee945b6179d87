/** Mixed precision in the script: a dtype policy of Keras. Scripts in fp32 have none of it. */
import { type Precision, precisions } from '../../training/precision';

/** Name of the policy under which layers are made; undefined where Keras's own is meant. */
export function policyOf(precision: Precision): string | undefined {
  const { type } = precisions[precision];
  return type === 'float32' ? undefined : `mixed_${type}`;
}

/** For the head of the script. */
export function precisionText(precision: Precision): string {
  const { type, needsLossScaling } = precisions[precision];
  if (type === 'float32') return '';
  const scaled = needsLossScaling
    ? '\nThe loss is scaled, and steps whose gradients overflow are skipped.'
    : '';
  return `

Layers compute in ${type}; weights, the loss and what --output keeps are float32.${scaled}`;
}
