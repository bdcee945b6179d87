/** The smallest trainable document that holds one node with the inputs of an example. */
import { applyCommand, applyDiff } from '@shared/document/apply';
import type { Command } from '@shared/document/commands';
import { emptyDocument } from '@shared/document/create';
import type { GraphDocument } from '@shared/document/types';
import type { Shape } from '@shared/ir/types';
import type { NodeDefinition, NodeExample } from '@shared/nodes/define';
import type { JsonObject } from '@shared/util/json';
import { expectOk } from './graph-session';

const CLASSES = 3;

/** A document under construction. */
export class Sketch {
  document: GraphDocument = emptyDocument();

  run(command: Command): void {
    this.document = applyDiff(this.document, expectOk(applyCommand(this.document, command)));
  }

  /** Adds a node fed by the given ones; returns its id. */
  add(type: string, params: JsonObject, ...sources: readonly string[]): string {
    const known = this.document.nodes;
    this.run({ kind: 'addNode', type, position: { x: 0, y: 0 }, params });
    const id = Object.keys(this.document.nodes).find((each) => !known[each]) ?? '';
    const isVariadic = type === 'Add' || type === 'Concatenate';
    sources.forEach((source, i) =>
      this.run({ kind: 'connect', from: [source, 'out'], to: [id, isVariadic ? `in${i}` : 'in'] }),
    );
    return id;
  }
}

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
