/** The Keras script as text: blocks that share functions, and names that stay texts. */
import { expect, it } from 'vitest';
import type { GraphDocument } from '@shared/document/types';
import { exportTargetOf } from '@shared/export';
import { templateOf } from '@shared/templates';
import { required } from '@shared/util/assert';
import { expectOk } from '../../engine/graph-session';
import { randomInput } from './random-weights';

function script(document: GraphDocument): string {
  const target = required(exportTargetOf('keras-script'), 'the target');
  const { files } = expectOk(target.export(randomInput(document, 'net.py'), {}));
  return String(required(files[0], 'a file').parts.join(''));
}

const template = (id: string) => required(templateOf(id), id).create({});
const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;

it('equal blocks share a function, whose arguments are what they differ in', () => {
  const text = script(template('resnet-18'));
  // With and without a convolution on the shortcut.
  expect(count(text, /^def residual_block\w*\(/gm)).toBe(2);
  expect(count(text, /= residual_block\w*\(x, '\w+', filters=\d+\)$/gm)).toBe(8);
  expect(text).toContain("x = residual_block(x, 'stage1_block1', filters=64)");
});

it('a block that stands once is a function without further arguments', () => {
  const document = template('resnet-18');
  const [first, ...others] = Object.values(document.nodes).filter(({ type }) => type === 'TransitionLayer');
  expect([first, others]).toEqual([undefined, []]);
  const text = script(template('densenet'));
  expect(text).toMatch(/^def transition_layer\(inputs, name, filters\):$/m);
});

it('texts of the user break neither strings nor lines', () => {
  const document = template('lenet');
  const bad = `x'\n"""\nimport os #\u2028\\`;
  const nodes = Object.values(document.nodes).map((node, index) => {
    const name = `${bad}${index}`;
    return [node.id, { ...node, name }] as const;
  });
  const input = randomInput({ ...document, nodes: Object.fromEntries(nodes) }, `${bad}.py`);
  const named = { ...input, model: { ...input.model, name: bad } };
  const target = required(exportTargetOf('keras-script'), 'the target');
  const text = required(expectOk(target.export(named, {})).files[0], 'a file').parts.join('');
  expect(count(text, /^import os$/gm)).toBe(1);
  expect(text.split('"""').length % 2).toBe(1);
  expect(text).not.toMatch(/[\u2028\r]/);
});

it('kernels that were typed in are set', () => {
  const document = template('lenet');
  const nodes = Object.values(document.nodes).map((node) =>
    node.type === 'Conv2D' && node.id === 'conv2d_1'
      ? {
          ...node,
          params: {
            ...node.params,
            kernelSize: [1, 2],
            kernelInitializer: 'custom',
            kernelValues: [[1, -1]],
          },
        }
      : node,
  );
  const text = script({ ...document, nodes: Object.fromEntries(nodes.map((node) => [node.id, node])) });
  expect(text).toContain("kernel = np.array(values, 'float32').reshape((1, 2, 1, 1))");
  expect(text).toContain('    set_kernels(model)');
});
