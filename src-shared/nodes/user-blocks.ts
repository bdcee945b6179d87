/** The user's blocks as node types: their parameters are fields of the nodes inside. */
import { BLOCK_PARAMS, BLOCK_TYPE } from '../document/blocks';
import { own } from '../document/record';
import type { BlockDefinition, BlockGraph, ExposedParam } from '../document/types';
import type { Field, ParamSchema } from '../params/field';
import { choice, defaultParams, int } from '../params/fields';
import type { Json, JsonObject } from '../util/json';
import { failure, success, type Result } from '../util/result';
import { defineBlock, type CompositeDefinition, type InferIssue, type NodeDefinition } from './define';
import { copyOf, repeatGraph } from './repeat';

/** What a node or a part of a block is; undefined where nothing has that type. */
export type Resolve = (node: {
  readonly type: string;
  readonly params: JsonObject;
}) => NodeDefinition | undefined;

const MAX_REPEAT = 100;

const repeatField = int({
  default: 1,
  min: 1,
  max: MAX_REPEAT,
  label: { en: 'Repeat', 'zh-CN': '重复次数' },
  doc: {
    en: 'How many times the block stands in a row, each with weights of its own.',
    'zh-CN': '该块首尾相连的次数，每次都有各自的权重。',
  },
});

/** Which block a node stands for is fixed when it is added. */
function blockField({ id, name }: BlockDefinition): Field<string> {
  return choice({
    default: id,
    choices: [{ value: id, label: { en: name, 'zh-CN': name } }],
    label: { en: 'Block', 'zh-CN': '块' },
    doc: { en: 'The block that this node stands for.', 'zh-CN': '该节点所代表的块。' },
    isRelevant: () => false,
  });
}

/** The type of nodes that stand for the block; `resolve` finds the types of its parts. */
export function userBlock(block: BlockDefinition, resolve: Resolve): CompositeDefinition {
  const fields = exposedFields(block, resolve);
  const params = { block: blockField(block), repeat: repeatField, ...fields };
  const ports = Object.keys(block.graph.inputs).sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  const unknown = block.exposed.filter(({ name }) => !Object.hasOwn(fields, name));
  return shell(block, {
    params,
    inputs: ports.length === 1 && ports[0] === 'in' ? { kind: 'single' } : { kind: 'named', ports },
    parts: ({ repeat = 1, ...values }) =>
      partsOf(block, { repeat: Number(repeat), values, unknown, ports: ports.length }),
    paramOf: (part, param) =>
      block.exposed.find((each) => each.part === copyOf(part).part && each.param === param)?.name,
  });
}

/** A block that cannot be: its nodes say why. */
export function brokenBlock(block: BlockDefinition, issue: InferIssue): CompositeDefinition {
  const ports = Object.keys(block.graph.inputs);
  return shell(block, {
    params: { block: blockField(block), repeat: repeatField },
    inputs: ports.length === 1 && ports[0] === 'in' ? { kind: 'single' } : { kind: 'named', ports },
    parts: () => failure([issue]),
  });
}

function shell(
  { name, graph, exposed }: BlockDefinition,
  rest: Pick<CompositeDefinition, 'params' | 'inputs' | 'parts' | 'paramOf'>,
): CompositeDefinition {
  const count = graph.nodes.length;
  return defineBlock({
    type: BLOCK_TYPE,
    category: 'blocks',
    title: { en: name, 'zh-CN': name },
    doc: {
      en: `A block of your own, made of ${count} nodes.`,
      'zh-CN': `由 ${count} 个节点组成的自定义块。`,
    },
    hasOutput: true,
    summary: (params) => summaryOf(params, [...new Set(exposed.map((each) => each.name))]),
    examples: [],
    ...rest,
  });
}

/** `×3 · filters 64`. */
function summaryOf(params: JsonObject, exposed: readonly string[]): string {
  const repeat = own(params, 'repeat');
  const values = exposed.flatMap((name) => {
    const value = own(params, name);
    return typeof value === 'object' || value === undefined ? [] : [`${name} ${value}`];
  });
  return [...(Number(repeat) > 1 ? [`×${Number(repeat)}`] : []), ...values.slice(0, 3)].join(' · ');
}

/** One field for each name, that of the first part that bears it; names whose parts lack the parameter have none. */
function exposedFields(block: BlockDefinition, resolve: Resolve): ParamSchema {
  const fields = new Map<string, Field>();
  for (const exposed of block.exposed) {
    const field = exposedField(block, exposed, resolve);
    const isTaken = fields.has(exposed.name) || BLOCK_PARAMS.some((name) => name === exposed.name);
    if (field !== undefined && !isTaken) fields.set(exposed.name, field);
  }
  return Object.fromEntries(fields);
}

/** The part's field under the block's name, with the value that the part has as its default. */
function exposedField(block: BlockDefinition, exposed: ExposedParam, resolve: Resolve): Field | undefined {
  const part = block.graph.nodes.find(({ id }) => id === exposed.part);
  const inner = part && resolve(part)?.params;
  if (part === undefined || inner === undefined) return undefined;
  const field = own(inner, exposed.param);
  if (field === undefined) return undefined;
  const parsed = Object.hasOwn(part.params, exposed.param)
    ? field.parse(part.params[exposed.param])
    : undefined;
  const { name, param } = exposed;
  return {
    ...field,
    default: parsed?.ok ? parsed.value : field.default,
    label: name === param ? field.label : { en: name, 'zh-CN': name },
    isRelevant: (values) =>
      field.isRelevant?.({
        ...defaultParams(inner),
        ...part.params,
        ...boundParams(block, part.id, values),
      }) ?? true,
  };
}

/** What the values of the block's parameters make of the parameters of a part. */
function boundParams({ exposed }: BlockDefinition, part: string, values: JsonObject): JsonObject {
  const bound = exposed.flatMap(({ name, part: of, param }): readonly (readonly [string, Json])[] => {
    const value = of === part ? own(values, name) : undefined;
    return value === undefined ? [] : [[param, value]];
  });
  return Object.fromEntries(bound);
}

interface Use {
  readonly repeat: number;
  readonly values: JsonObject;
  readonly unknown: readonly ExposedParam[];
  readonly ports: number;
}

function partsOf(
  block: BlockDefinition,
  { repeat, values, unknown, ports }: Use,
): Result<BlockGraph, readonly InferIssue[]> {
  if (unknown.length > 0) {
    return failure(
      unknown.map(({ name, part, param }) => ({
        code: 'block/unknown-parameter',
        args: { name, part, param },
      })),
    );
  }
  if (repeat > 1 && ports !== 1)
    return failure([{ code: 'block/repeat-many-inputs', args: { count: ports }, param: 'repeat' }]);
  const nodes = block.graph.nodes.map((part) => ({
    ...part,
    params: { ...part.params, ...boundParams(block, part.id, values) },
  }));
  const graph = { ...block.graph, nodes };
  return success(repeat > 1 ? repeatGraph(graph, repeat) : graph);
}
