/** Every node type with its examples, as documents and as layers of a model: what all targets are tried on. */
import { analyse } from '@shared/compile/analyse';
import type { GraphDocument } from '@shared/document/types';
import { exportModelOf } from '@shared/export/build-model';
import type { ExportModel, ExportNode } from '@shared/export/model';
import { nodeList } from '@shared/nodes';
import type { NodeDefinition, NodeExample } from '@shared/nodes/define';
import { documentAround } from '../../engine/document-around';
import { around } from '../compile/around';

export interface NodeExampleModel {
  readonly definition: NodeDefinition;
  readonly example: NodeExample;
  /** A whole network of three classes that holds the example. */
  readonly document: GraphDocument;
  readonly model: ExportModel;
  /** The example itself in the model. */
  readonly node: ExportNode;
}

/** Of all node types, blocks included. */
export const exampleModels: readonly NodeExampleModel[] = nodeList.flatMap((definition) =>
  definition.examples.map((example) => exampleModel(definition, example)),
);

function exampleModel(definition: NodeDefinition, example: NodeExample): NodeExampleModel {
  const { type } = definition;
  const document =
    type === 'Input'
      ? around(shapeOf(example), 'Activation', {}).document
      : documentAround(definition, example);
  const model = exportModelOf(document, type);
  if (!model.ok) throw new Error(`${type}: ${JSON.stringify(analyse(document).problems)}`);
  const isExample = ({ id }: ExportNode) =>
    document.nodes[id]?.type === type &&
    (type === 'Input' || JSON.stringify(document.nodes[id].params) === JSON.stringify(example.params));
  const node = model.value.nodes.find(isExample);
  if (node === undefined) throw new Error(`${type} is not in its own document`);
  return { definition, example, document, model: model.value, node };
}

function shapeOf({ params }: NodeExample): readonly number[] {
  const { shape } = params;
  return Array.isArray(shape) ? shape.map(Number) : [28, 28, 1];
}
