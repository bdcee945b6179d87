/** In which order features arrive behind a Flatten: PyTorch writes an image channel by channel, we row by row. */
import type { Dims } from '../../ir/types';
import { required } from '../../util/assert';
import type { ExportLayer, ExportModel } from '../model';
import type { TranslateContext } from './translation';

/** Layers that take every feature by itself, or all of them alike; their weights change places as a kernel's rows do. */
const keepsOrder = new Set([
  'Activation',
  'BatchNormalization',
  'Dropout',
  'GaussianNoise',
  'LayerNormalization',
  'PReLU',
  'Rescaling',
  'Softmax',
]);

/**
 * By path of the layer. A Flatten whose values all end in Dense layers writes channel by channel, and the weights behind
 * it are turned; any other keeps our order.
 */
export function featureOrders({
  layers,
}: Pick<ExportModel, 'layers'>): ReadonlyMap<string, TranslateContext> {
  const consumers = new Map<string, ExportLayer[]>(layers.map(({ path }) => [path, []]));
  for (const layer of layers) {
    for (const input of layer.inputs) required(consumers.get(input.layer), input.layer).push(layer);
  }
  const found = new Map<string, TranslateContext>(layers.map(({ path }) => [path, { isFree: false }]));
  for (const flatten of layers.filter(({ type }) => type === 'Flatten')) {
    const sizes = flatten.inputShapes[0] ?? [];
    if (isSameOrder(sizes)) found.set(flatten.path, { isFree: true });
    else settle(flatten, sizes);
  }
  return found;

  /** Walks on from the Flatten as long as nothing minds the order. */
  function settle(flatten: ExportLayer, sizes: Dims): void {
    const behind = new Set<string>();
    const open = [...required(consumers.get(flatten.path), flatten.path)];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (behind.has(next.path)) continue;
      behind.add(next.path);
      if (next.type === 'Dense') continue;
      if (!keepsOrder.has(next.type)) return;
      open.push(...required(consumers.get(next.path), next.path));
    }
    found.set(flatten.path, { isFree: true });
    for (const path of behind) found.set(path, { isFree: false, flattened: sizes });
  }
}

/** A vector, one pixel or one channel: there is only one order. */
function isSameOrder([height = 1, width = 1, channels = 1, ...rest]: Dims): boolean {
  return rest.length === 0 && (height * width === 1 || channels === 1);
}
