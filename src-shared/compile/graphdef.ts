/** Writes a graph as the bytes of a TensorFlow SavedModel, by the public .proto definitions. */
import { messageType } from '../formats/protobuf/messages';
import type { DType, Graph, Operation, TensorRef } from '../ir/types';
import { primitiveOf } from '../ops';
import type { AttributeValue, Literal } from '../ops/primitive';
import { assertNever, invariant, required } from '../util/assert';
import { bfloat16Bits, float16Bits } from '../util/half';
import { explicitOperands } from './literals';

/** The fields that we write, numbered as in tensorflow/core/protobuf and tensorflow/core/framework. */
const schema = {
  SavedModel: { savedModelSchemaVersion: [1, 'int64'], metaGraphs: [2, 'MetaGraphDef', 'repeated'] },
  MetaGraphDef: {
    metaInfoDef: [1, 'MetaInfoDef'],
    graphDef: [2, 'GraphDef'],
    signatureDef: [5, 'SignatureDef', 'map'],
  },
  SignatureDef: {
    inputs: [1, 'TensorInfo', 'map'],
    outputs: [2, 'TensorInfo', 'map'],
    methodName: [3, 'string'],
  },
  TensorInfo: { name: [1, 'string'], dtype: [2, 'int32'], tensorShape: [3, 'TensorShapeProto'] },
  MetaInfoDef: { tags: [4, 'string', 'repeated'] },
  GraphDef: { node: [1, 'NodeDef', 'repeated'], versions: [4, 'VersionDef'] },
  VersionDef: { producer: [1, 'int32'] },
  NodeDef: {
    name: [1, 'string'],
    op: [2, 'string'],
    input: [3, 'string', 'repeated'],
    attr: [5, 'AttrValue', 'map'],
  },
  AttrValue: {
    list: [1, 'ListValue'],
    s: [2, 'bytes'],
    i: [3, 'int64'],
    f: [4, 'float'],
    b: [5, 'bool'],
    type: [6, 'int32'],
    shape: [7, 'TensorShapeProto'],
    tensor: [8, 'TensorProto'],
  },
  ListValue: { i: [3, 'int64', 'repeated'] },
  TensorProto: { dtype: [1, 'int32'], tensorShape: [2, 'TensorShapeProto'], tensorContent: [4, 'bytes'] },
  TensorShapeProto: { dim: [2, 'Dim', 'repeated'] },
  Dim: { size: [1, 'int64'] },
} as const;

/** tensorflow.DataType. */
const dataTypes: Readonly<Record<DType, number>> = {
  float32: 1,
  int32: 3,
  uint8: 4,
  bool: 10,
  bfloat16: 14,
  float16: 19,
  resource: 20,
};

/** The newest graph version that the oldest library we load (2.7) accepts. */
const PRODUCER = 1087;

/** Members of AttrValue's oneof are written whatever they are. */
const messages = messageType(schema, 'SavedModel', ['AttrValue']);

/** A function of a SavedModel, by the names that its users call inputs and outputs. */
export interface Signature {
  readonly inputs: Readonly<Record<string, TensorRef>>;
  readonly outputs: Readonly<Record<string, TensorRef>>;
}

/** What others need who load the SavedModel; our own engine calls operations by their names. */
export interface Interface {
  readonly signatures: Readonly<Record<string, Signature>>;
  /** Name of the operation that a loader runs first, to give the variables their values. */
  readonly initialization: string;
}

/** By which every loader of TensorFlow finds the operation to run first; it has no tensor, so no index. */
const INITIALIZATION = '__saved_model_init_op';

/** Contents of `saved_model.pb` with the tag `serve`. The same graph gives the same bytes. */
export function encodeSavedModel(graph: Graph, described?: Interface): Uint8Array {
  const { constants, operandsOf } = explicitOperands(graph);
  const node = [...constants, ...graph.operations].map((operation) =>
    nodeDef(operation, operandsOf(operation)),
  );
  const metaGraph = {
    metaInfoDef: { tags: ['serve'] },
    graphDef: { node, versions: { producer: PRODUCER } },
    signatureDef: described ? signatureDefs(described) : {},
  };
  const message = messages.create({ savedModelSchemaVersion: 1, metaGraphs: [metaGraph] });
  return messages.encode(message).finish();
}

function signatureDefs({ signatures, initialization }: Interface): Record<string, object> {
  return {
    ...mapValues(signatures, ({ inputs, outputs }) => ({
      inputs: mapValues(inputs, tensorInfo),
      outputs: mapValues(outputs, tensorInfo),
      methodName: 'tensorflow/serving/predict',
    })),
    [INITIALIZATION]: { outputs: { [INITIALIZATION]: { name: initialization } } },
  };
}

function mapValues<T, R>(record: Readonly<Record<string, T>>, change: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

function tensorInfo({ operation, index, dtype, dims }: TensorRef): object {
  return { name: `${operation}:${index}`, dtype: dataTypes[dtype], tensorShape: shapeProto(dims) };
}

function nodeDef(
  { name, op, inputs, controls, attributes, outputs }: Operation,
  operands: readonly TensorRef[],
): object {
  invariant(/^[A-Za-z0-9.][A-Za-z0-9_.\\/>-]*$/.test(name), `GraphDef refuses the name ${name}`);
  const input = operands.map(({ operation, index }) => `${operation}:${index}`);
  for (const control of controls) input.push(`^${control}`);
  return { name, op, input, attr: attributesOf(primitiveOf(op).nodeDef(attributes, inputs, outputs)) };
}

/** In one order, so that the bytes are the same. */
function attributesOf(rendered: Readonly<Record<string, AttributeValue>>): Record<string, object> {
  const attr: Record<string, object> = {};
  for (const key of Object.keys(rendered).sort()) attr[key] = attrValue(required(rendered[key], key));
  return attr;
}

function attrValue(value: AttributeValue): object {
  if ('type' in value) return { type: dataTypes[value.type] };
  if ('int' in value) return { i: value.int };
  if ('ints' in value) return { list: { i: value.ints } };
  if ('float' in value) return { f: value.float };
  if ('bool' in value) return { b: value.bool };
  if ('string' in value) return { s: ascii(value.string) };
  if ('shape' in value) return { shape: shapeProto(value.shape) };
  if ('literal' in value) return { tensor: tensorProto(value.literal) };
  return assertNever(value);
}

function shapeProto(dims: readonly number[]): object {
  return { dim: dims.map((size) => ({ size })) };
}

function tensorProto({ dtype, dims, values }: Literal): object {
  return {
    dtype: dataTypes[dtype],
    tensorShape: shapeProto(dims),
    tensorContent: new Uint8Array(contentOf(dtype, values).buffer),
  };
}

function contentOf(dtype: Literal['dtype'], values: Literal['values']) {
  if (dtype === 'int32') return Int32Array.from(values);
  if (dtype === 'float32') return new Float32Array(values);
  return Uint16Array.from(values, dtype === 'bfloat16' ? bfloat16Bits : float16Bits);
}

function ascii(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
