/** A network with a block of the user. */
import type { ExposedParam } from '@shared/document/types';
import type { JsonObject } from '@shared/util/json';
import { Sketch } from '../sketch';

/** input > conv > relu in a block of its own > classifier; `exposed` as given. */
export function packed(
  exposed: readonly ExposedParam[] = [],
  conv: JsonObject = { filters: 4, padding: 'same' },
): Sketch {
  const sketch = new Sketch();
  const first = sketch.add('Conv2D', conv, sketch.add('Input', { shape: [8, 8, 4] }));
  const relu = sketch.add('Activation', {}, first);
  sketch.add('Output', {}, sketch.add('Dense', { units: 3 }, sketch.add('Flatten', {}, relu)));
  sketch.run({ kind: 'packNodes', nodes: [first, relu], name: 'stem', exposed });
  return sketch;
}

export const size: ExposedParam = { name: 'size', part: 'conv2d_1', param: 'filters' };
export const set = (sketch: Sketch, param: string, value: never): Sketch => {
  sketch.run({ kind: 'setParam', node: 'block_1', param, value });
  return sketch;
};
