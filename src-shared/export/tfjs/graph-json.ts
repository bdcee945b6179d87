/** A frozen graph in the JSON form of GraphDef that tfjs-converter reads: constants and weights stand in the shards. */
import { explicitOperands } from '../../compile/literals';
import type { DType, Graph, Operation, TensorRef, TensorType } from '../../ir/types';
import { primitiveOf } from '../../ops';
import type { AttributeValue } from '../../ops/primitive';
import { assertNever, invariant, required } from '../../util/assert';
import type { Json, JsonObject } from '../../util/json';
import type { StoredTensor } from './shards';

export interface FrozenGraph {
  readonly topology: JsonObject;
  /** Values of all `Const` nodes. */
  readonly tensors: readonly StoredTensor[];
}

export interface Freezing {
  /** The name in the file of an operation. */
  readonly rename: (operation: string) => string;
  /** The value of the variable that an operation reads, under its name in the file. */
  readonly valueOf: (variable: string) => StoredTensor;
}

const dataTypes: Readonly<Record<DType, string>> = {
  float32: 'DT_FLOAT',
  int32: 'DT_INT32',
  uint8: 'DT_UINT8',
  bool: 'DT_BOOL',
  bfloat16: 'DT_BFLOAT16',
  float16: 'DT_HALF',
  resource: 'DT_RESOURCE',
};

/** Attributes that TensorFlow fills in where they are missing, and tfjs-converter does not. */
const filledIn: Readonly<Record<string, Readonly<Record<string, AttributeValue>> | undefined>> = {
  Conv2D: { dilations: { ints: [1, 1, 1, 1] } },
  DepthwiseConv2dNative: { dilations: { ints: [1, 1, 1, 1] } },
};

/** As in the SavedModels that we write. */
const PRODUCER = 1087;

export function frozenGraph(graph: Graph, { rename, valueOf }: Freezing): FrozenGraph {
  const { constants, operandsOf } = explicitOperands(graph);
  const tensors: StoredTensor[] = [];
  /** Names in the file of operations that became constants. */
  const frozen = new Map<string, string>();
  const nameOf = (operation: string): string => frozen.get(operation) ?? rename(operation);
  const nodes = [...constants, ...graph.operations].flatMap((operation): readonly JsonObject[] => {
    const tensor = constantOf(operation, nameOf, valueOf);
    if (tensor !== undefined) {
      tensors.push(tensor);
      frozen.set(operation.name, tensor.name);
      return [constantNode(tensor)];
    }
    return operation.op === 'VarHandleOp' ? [] : [nodeOf(operation, operandsOf(operation), nameOf)];
  });
  return { topology: { node: nodes, versions: { producer: PRODUCER } }, tensors };
}

function constantOf(
  { name, op, attributes, inputs, outputs }: Operation,
  nameOf: (operation: string) => string,
  valueOf: Freezing['valueOf'],
): StoredTensor | undefined {
  if (op === 'ReadVariableOp') return valueOf(required(inputs[0], 'a variable').operation);
  if (op !== 'Const') return undefined;
  const { value } = primitiveOf(op).nodeDef(attributes, inputs, outputs);
  invariant(value && 'literal' in value, `the constant ${name} has no value`);
  const { dims, values, dtype } = value.literal;
  const array = dtype === 'float32' ? Float32Array.from(values) : Int32Array.from(values);
  return { name: nameOf(name), dims, values: array };
}

function constantNode({ name, dims, values }: StoredTensor): JsonObject {
  const dtype = dataTypes[values instanceof Float32Array ? 'float32' : 'int32'];
  const value = { tensor: { dtype, tensorShape: shapeJson(dims) } };
  return { name, op: 'Const', attr: { dtype: { type: dtype }, value } };
}

function nodeOf(
  { name, op, inputs, attributes, outputs }: Operation,
  operands: readonly TensorRef[],
  nameOf: (operation: string) => string,
): JsonObject {
  const given = primitiveOf(op).nodeDef(attributes, inputs, outputs);
  const attr = Object.entries({ ...filledIn[op], ...given })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => [key, attributeJson(value)] as const);
  return {
    name: nameOf(name),
    op,
    input: operands.map(({ operation, index }) => `${nameOf(operation)}${index === 0 ? '' : `:${index}`}`),
    attr: Object.fromEntries(attr),
  };
}

/** What a signature says of a tensor, under the name of its operation. */
export function tensorInfo(name: string, { dtype, dims }: TensorType): JsonObject {
  return { name: `${name}:0`, dtype: dataTypes[dtype], tensorShape: shapeJson(dims) };
}

function attributeJson(value: AttributeValue): Json {
  if ('type' in value) return { type: dataTypes[value.type] };
  if ('int' in value) return { i: String(value.int) };
  if ('ints' in value) return { list: { i: value.ints.map(String) } };
  if ('float' in value) return { f: value.float };
  if ('bool' in value) return { b: value.bool };
  if ('string' in value) return { s: base64(value.string) };
  if ('shape' in value) return { shape: shapeJson(value.shape) };
  // Constants are taken out before.
  if ('literal' in value) return { tensor: { dtype: dataTypes[value.literal.dtype] } };
  return assertNever(value);
}

function shapeJson(dims: readonly number[]): JsonObject {
  return { dim: dims.map((size) => ({ size: String(size) })) };
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Of ASCII, as JSON has bytes: four digits for three of them. */
function base64(text: string): string {
  let encoded = '';
  for (let at = 0; at < text.length; at += 3) {
    const codes = [0, 1, 2].map((index) => text.charCodeAt(at + index) || 0);
    const bits = codes.reduce((sum, code) => sum * 256 + code, 0);
    const digits = [18, 12, 6, 0].map((shift) => DIGITS.charAt((bits >> shift) & 63)).join('');
    encoded += digits.slice(0, Math.min(3, text.length - at) + 1).padEnd(4, '=');
  }
  return encoded;
}
