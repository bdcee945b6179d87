/** The smallest trainable document that holds one node with the inputs of an example. */
import type { GraphDocument } from '@shared/document/types';
import type { Shape } from '@shared/ir/types';
import type { NodeDefinition, NodeExample } from '@shared/nodes/define';
import { Sketch } from '../shared/sketch';

const CLASSES = 3;

/**
 * Input, what gives the node its inputs, the node, and a classifier. A node with weights of its own is fed by the
 * images; one with several inputs by a layer each, so that gradients flow through all of them.
 */
export function documentAround(definition: NodeDefinition, { inputs, params }: NodeExample): GraphDocument {
  const sketch = new Sketch();
  sketch.run({ kind: 'setTraining', setting: 'optimizer', value: 'sgd' });
  if (definition.inputs.kind === 'none') {
    classify(sketch, sketch.add(definition.type, params));
    return sketch.document;
  }
  const images = sketch.add('Input', { shape: imageFor(inputs[0] ?? []) });
  const feeds = inputs.map((shape) => layerOf(sketch, images, shape));
  const node = sketch.add(definition.type, params, ...feeds);
  if (definition.hasOutput) classify(sketch, node);
  return sketch.document;
}

function imageFor(shape: Shape): Shape {
  return shape.length === 3 ? [shape[0] ?? 1, shape[1] ?? 1, 2] : [2, 3, 2];
}

function layerOf(sketch: Sketch, images: string, shape: Shape): string {
  if (shape.length === 3) return sketch.add('Conv2D', { filters: shape[2] ?? 1, kernelSize: [1, 1] }, images);
  return sketch.add('Dense', { units: shape[0] ?? 1 }, sketch.add('Flatten', {}, images));
}

function classify(sketch: Sketch, node: string): void {
  const logits = sketch.add('Dense', { units: CLASSES }, sketch.add('Flatten', {}, node));
  sketch.add('Output', {}, logits);
}
