/** Writes ONNX models, by the public onnx.proto; values of tensors may stand in a file of their own. */
import { required } from '../../util/assert';
import { utf8Bytes, zeros } from '../bytes';
import { messageType } from '../protobuf/messages';
import {
  attributeTypes,
  type OnnxAttribute,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValueInfo,
  tensorTypes,
} from './model';

/** The fields that we write. */
const schema = {
  ModelProto: {
    irVersion: [1, 'int64'],
    producerName: [2, 'string'],
    producerVersion: [3, 'string'],
    graph: [7, 'GraphProto'],
    opsetImport: [8, 'OperatorSetIdProto', 'repeated'],
    metadataProps: [14, 'StringStringEntryProto', 'repeated'],
  },
  OperatorSetIdProto: { version: [2, 'int64'] },
  StringStringEntryProto: { key: [1, 'string'], value: [2, 'string'] },
  GraphProto: {
    node: [1, 'NodeProto', 'repeated'],
    name: [2, 'string'],
    initializer: [5, 'TensorProto', 'repeated'],
    input: [11, 'ValueInfoProto', 'repeated'],
    output: [12, 'ValueInfoProto', 'repeated'],
  },
  NodeProto: {
    input: [1, 'string', 'repeated'],
    output: [2, 'string', 'repeated'],
    name: [3, 'string'],
    opType: [4, 'string'],
    attribute: [5, 'AttributeProto', 'repeated'],
    docString: [6, 'string'],
  },
  AttributeProto: {
    name: [1, 'string'],
    f: [2, 'float'],
    i: [3, 'int64'],
    s: [4, 'bytes'],
    ints: [8, 'int64', 'repeated'],
    type: [20, 'int32'],
  },
  TensorProto: {
    dims: [1, 'int64', 'repeated'],
    dataType: [2, 'int32'],
    name: [8, 'string'],
    rawData: [9, 'bytes'],
    externalData: [13, 'StringStringEntryProto', 'repeated'],
    dataLocation: [14, 'int32'],
  },
  ValueInfoProto: { name: [1, 'string'], type: [2, 'TypeProto'] },
  TypeProto: { tensorType: [1, 'TensorTypeProto'] },
  TensorTypeProto: { elemType: [1, 'int32'], shape: [2, 'TensorShapeProto'] },
  TensorShapeProto: { dim: [1, 'Dimension', 'repeated'] },
  Dimension: { dimValue: [1, 'int64'], dimParam: [2, 'string'] },
} as const;

const messages = messageType(schema, 'ModelProto');

/** Of the file format, for operators from 11 on (helper.find_min_ir_version_for in onnx/helper.py). */
const irVersions: Readonly<Record<number, number>> = {
  ...{ 11: 6, 12: 7, 13: 7, 14: 7, 15: 8, 16: 8, 17: 8, 18: 8, 19: 9, 20: 9, 21: 10, 22: 10 },
  ...{ 23: 11, 24: 12, 25: 13, 26: 13 },
};

/** TensorProto.DataLocation. */
const EXTERNAL = 1;
/** Where values begin in a file of their own, so that it can be mapped into memory (onnx.proto asks for it). */
const PAGE = 4096;
/** Smaller tensors stay in the model. */
const SMALL = 1024;

export interface OnnxFiles {
  readonly model: Uint8Array;
  /** Contents of the file beside it; absent where all values stand in the model. */
  readonly data?: readonly Uint8Array[];
}

/**
 * `external` is the name of the file beside the model that takes the values of large tensors; without it all stand in
 * the model, which must then be smaller than a message may be. The same model gives the same bytes.
 */
export function encodeOnnx(model: OnnxModel, external?: string): OnnxFiles {
  const file = external === undefined ? undefined : new ValueFile(external);
  const { opset, producer, metadata } = model;
  const message = {
    irVersion: required(irVersions[opset], `the format of opset ${opset}`),
    producerName: producer.name,
    producerVersion: producer.version,
    graph: {
      node: model.nodes.map(nodeProto),
      name: model.name,
      initializer: model.initializers.map((tensor) => tensorProto(tensor, file)),
      input: model.inputs.map(valueProto),
      output: model.outputs.map(valueProto),
    },
    opsetImport: [{ version: opset }],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  };
  const bytes = messages.encode(message).finish();
  return { model: bytes, ...(file && { data: file.parts }) };
}

function nodeProto({ op, name, inputs, outputs, attributes, doc }: OnnxNode): object {
  const attribute = Object.entries(attributes).map(([key, value]) => ({
    name: key,
    ...attributeProto(value),
  }));
  return { input: inputs, output: outputs, name, opType: op, attribute, ...(doc && { docString: doc }) };
}

function attributeProto(value: OnnxAttribute): object {
  if ('int' in value) return { i: value.int, type: attributeTypes.int };
  if ('ints' in value) return { ints: value.ints, type: attributeTypes.ints };
  if ('float' in value) return { f: value.float, type: attributeTypes.float };
  return { s: utf8Bytes(value.text), type: attributeTypes.text };
}

function tensorProto({ name, dims, values }: OnnxTensor, file: ValueFile | undefined): object {
  const isFloat = values instanceof Float32Array;
  const dataType = isFloat ? tensorTypes.float32 : tensorTypes.int64;
  const bytes = isFloat
    ? new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    : new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  if (file === undefined || bytes.byteLength < SMALL) return { dims, dataType, name, rawData: bytes };
  return { dims, dataType, name, externalData: file.add(bytes), dataLocation: EXTERNAL };
}

function valueProto({ name, dims }: OnnxValueInfo): object {
  const dim = dims.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: tensorTypes.float32, shape: { dim } } } };
}

/** Values one after another, without a copy. */
class ValueFile {
  readonly parts: Uint8Array[] = [];
  readonly #location: string;
  #size = 0;

  constructor(location: string) {
    this.#location = location;
  }

  /** Where they stand, as entries of a tensor. */
  add(bytes: Uint8Array): readonly { readonly key: string; readonly value: string }[] {
    const offset = Math.ceil(this.#size / PAGE) * PAGE;
    if (offset > this.#size) this.parts.push(zeros(offset - this.#size));
    this.parts.push(bytes);
    this.#size = offset + bytes.byteLength;
    return [
      { key: 'location', value: this.#location },
      { key: 'offset', value: String(offset) },
      { key: 'length', value: String(bytes.byteLength) },
    ];
  }
}
