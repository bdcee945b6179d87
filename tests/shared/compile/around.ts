/** Small whole networks around one node. */
import { analyse } from '@shared/compile/analyse';
import type { JsonObject } from '@shared/util/json';
import { Sketch } from '../sketch';

/** A network of one node on an image, with a classifier behind it. */
export function around(shape: readonly number[], type: string, params: JsonObject): Sketch {
  const sketch = new Sketch();
  const node = sketch.add(type, params, sketch.add('Input', { shape }));
  sketch.add('Output', {}, sketch.add('Dense', { units: 3 }, sketch.add('Flatten', {}, node)));
  return sketch;
}

/** Id of the node in the middle. */
export const only = (sketch: Sketch) =>
  Object.keys(sketch.document.nodes).find((id) => !/^(input|flatten|dense|output)_\d/.test(id)) ?? '';
export const errors = ({ document }: Sketch) => analyse(document).problems;
