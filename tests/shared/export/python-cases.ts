/** Documents that generated Python must stand: names that are code, and blocks of the user in a row. */
import type { GraphDocument } from '@shared/document/types';
import { Sketch } from '../sketch';

/** Names that would end a string, a comment or a line, hide what a module needs, or be Python themselves. */
export const hostileNames = [
  `'); import os; os.system('x') #`,
  '"""\n\nimport os\nos.abort()\n"""',
  'self.forward = None',
  '\\',
  'forward',
  'training',
  'line\u2028separator\u0085\u202e',
  '{__import__("os")}',
  '卷积 1',
  '__init__',
  'parameters',
] as const;

/** What becomes of them in code. */
const plainNames = [
  'images',
  'import_os_os_abort',
  'self_forward_none',
  'activation_1',
  'forward_2',
  'training_2',
  'line_separator',
  'import_os',
  'Block',
  'init',
  'parameters_2',
] as const;

/** A network whose nodes, block and parameter bear these names, one after another. */
function namedBy(names: readonly string[]): GraphDocument {
  const sketch = new Sketch();
  const input = sketch.add('Input', { shape: [8, 8, 2] });
  const first = sketch.add(
    'Conv2D',
    { filters: 3, kernelSize: [3, 3], padding: 'same', strides: [2, 2] },
    input,
  );
  const second = sketch.add('Conv2D', { filters: 3, padding: 'same' }, first);
  const relu = sketch.add('Activation', {}, second);
  const third = sketch.add('Conv2D', { filters: 4, kernelSize: [1, 1] }, relu);
  const norm = sketch.add('BatchNormalization', {}, third);
  const flatten = sketch.add('Flatten', {}, norm);
  const dense = sketch.add('Dense', { units: 3 }, flatten);
  sketch.add('Output', {}, dense);
  const name = (index: number): string => names[index % names.length] ?? 'name';
  [input, first, second, relu, third, norm, flatten, dense].forEach((node, index) => {
    sketch.run({ kind: 'renameNode', node, name: name(index) });
  });
  sketch.run({
    kind: 'packNodes',
    nodes: [second, relu],
    name: name(8),
    exposed: [{ name: name(9), part: second, param: 'useBias' }],
    repeat: 2,
  });
  const block = Object.values(sketch.document.nodes).find(({ type }) => type === 'Block');
  sketch.run({ kind: 'renameNode', node: block?.id ?? '', name: name(10) });
  return sketch.document;
}

export const nastyDocument = (): GraphDocument => namedBy(hostileNames);
/** The same with names that are identifiers already. */
export const plainDocument = (): GraphDocument => namedBy(plainNames);

/** A block of three in a row, and two of the same with other filters, one of them inside another block. */
export function repeatedDocument(): GraphDocument {
  const sketch = new Sketch();
  const input = sketch.add('Input', { shape: [8, 8, 4] });
  const conv = sketch.add('Conv2D', { filters: 6, padding: 'same' }, input);
  const norm = sketch.add('BatchNormalization', {}, conv);
  const relu = sketch.add('Activation', {}, norm);
  const exposed = [{ name: 'size', part: conv, param: 'filters' }];
  sketch.run({ kind: 'packNodes', nodes: [conv, norm, relu], name: 'stem', exposed, repeat: 3 });
  const params = { block: 'stem_1', size: 5 };
  const again = sketch.add('Block', params, 'block_1');
  const pool = sketch.add('MaxPooling2D', {}, again);
  const last = sketch.add('Block', { ...params, size: 7, repeat: 2 }, pool);
  const flatten = sketch.add('Flatten', {}, last);
  sketch.add('Output', {}, sketch.add('Dense', { units: 3 }, flatten));
  sketch.run({ kind: 'packNodes', nodes: [again, pool], name: 'stage' });
  return sketch.document;
}
