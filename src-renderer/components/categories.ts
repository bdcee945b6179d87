/** The colour of each category, as a variable of the theme. */
import type { Category } from '@shared/nodes/define';

const colours: Readonly<Record<Category, string>> = {
  'input-output': 'var(--io)',
  convolution: 'var(--conv)',
  pooling: 'var(--pool)',
  dense: 'var(--dense)',
  normalization: 'var(--norm)',
  activation: 'var(--act)',
  regularization: 'var(--drop)',
  merge: 'var(--merge)',
  shape: 'var(--shape)',
  blocks: 'var(--block)',
};

export function categoryColour(category: Category | undefined): string {
  return category === undefined ? 'var(--bad)' : colours[category];
}
