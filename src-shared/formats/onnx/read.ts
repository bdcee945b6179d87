/** Reads ONNX models from strangers, by the public onnx.proto: bounded, and without running anything. */
import { elementsPerSample } from '../../ir/shape';
import type { Dims } from '../../ir/types';
import { failure, type Result, success } from '../../util/result';
import { Budget, Message, type MessageRefusal, Unreadable } from '../protobuf/read';
import { tensorTypes } from './model';

/** Why a file is no ONNX model that we read; words of `import/bad-file`. */
export type OnnxRefusal = MessageRefusal | 'NOT_ONNX' | 'TENSORS_TOO_LARGE';

/** Where the values of a tensor stand, in a file beside the model. */
export interface ExternalPlace {
  /** As the file names it: anything. */
  readonly location: string;
  readonly offset: number;
  /** Absent where they reach to the end. */
  readonly length?: number;
}

export interface FileTensor {
  readonly name: string;
  readonly dims: Dims;
  /** TensorProto.DataType. */
  readonly type: number;
  /** As they lie in memory, in one piece or several. */
  readonly pieces: readonly Uint8Array[];
  /** Whole numbers of tensors that have no bytes. */
  readonly numbers: readonly number[];
  readonly external?: ExternalPlace;
}

export interface FileAttribute {
  readonly int: number;
  readonly float: number;
  readonly text: string;
  readonly ints: readonly number[];
  readonly floats: readonly Uint8Array[];
  readonly tensor?: FileTensor;
}

export interface FileNode {
  readonly op: string;
  readonly domain: string;
  readonly name: string;
  readonly doc: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, FileAttribute>;
}

export interface FileValue {
  readonly name: string;
  /** Undefined for a size that is not fixed. */
  readonly dims: readonly (number | undefined)[];
}

export interface FileModel {
  readonly producer: string;
  /** Of the default domain. */
  readonly opset: number;
  readonly nodes: readonly FileNode[];
  readonly tensors: readonly FileTensor[];
  readonly inputs: readonly FileValue[];
  readonly outputs: readonly FileValue[];
  readonly values: readonly FileValue[];
}

/** Fields and numbers of all messages; large networks have tens of thousands. */
const MAX_FIELDS = 2_000_000;
/** More axes have no meaning for a layer. */
const MAX_AXES = 8;
const MAX_ELEMENTS = 2 ** 31;
/** TensorProto.DataLocation. */
const EXTERNAL = 1;

export function readOnnx(bytes: Uint8Array): Result<FileModel, OnnxRefusal> {
  try {
    const model = new Message(bytes, new Budget(MAX_FIELDS));
    const graph = model.message(7);
    const opset = model.messages(8).find((each) => isDefaultDomain(each.text(1)));
    if (graph === undefined || opset === undefined || model.int(1) < 1) return failure('NOT_ONNX');
    const tensors = graph.messages(5).map(tensorOf);
    const nodes = graph.messages(1).map(nodeOf);
    const all = [...tensors, ...nodes.flatMap(tensorsOf)];
    if (all.some(isTooLarge)) return failure('TENSORS_TOO_LARGE');
    return success({
      producer: model.text(2),
      opset: opset.int(2),
      ...{ nodes, tensors },
      inputs: graph.messages(11).map(valueOf),
      outputs: graph.messages(12).map(valueOf),
      values: graph.messages(13).map(valueOf),
    });
  } catch (error) {
    if (error instanceof Unreadable) return failure(error.refusal);
    throw error;
  }
}

export function isDefaultDomain(domain: string): boolean {
  return domain === '' || domain === 'ai.onnx';
}

function tensorsOf({ attributes }: FileNode): readonly FileTensor[] {
  return [...attributes.values()].flatMap(({ tensor }) => tensor ?? []);
}

function isTooLarge({ dims }: FileTensor): boolean {
  const isSize = (size: number) => Number.isInteger(size) && size >= 0 && size <= MAX_ELEMENTS;
  return dims.length > MAX_AXES || !dims.every(isSize) || elementsPerSample(dims) > MAX_ELEMENTS;
}

function nodeOf(node: Message): FileNode {
  return {
    op: node.text(4),
    domain: node.text(7),
    name: node.text(3),
    doc: node.text(6),
    inputs: node.texts(1),
    outputs: node.texts(2),
    attributes: new Map(node.messages(5).map((each) => [each.text(1), attributeOf(each)])),
  };
}

function attributeOf(attribute: Message): FileAttribute {
  const tensor = attribute.message(5);
  return {
    float: attribute.float(2),
    int: attribute.int(3),
    text: attribute.text(4),
    floats: attribute.pieces(7),
    ints: attribute.ints(8),
    ...(tensor && { tensor: tensorOf(tensor) }),
  };
}

/** Numbers of the types that have no bytes of their own stand in fields 5 (int32) and 7 (int64). */
function tensorOf(tensor: Message): FileTensor {
  const type = tensor.int(2);
  const raw = tensor.bytes(9);
  const isFloat = type === tensorTypes.float32;
  const entries = new Map(tensor.messages(13).map((entry) => [entry.text(1), entry.text(2)]));
  const length = entries.get('length');
  const external: ExternalPlace = {
    location: entries.get('location') ?? '',
    offset: Number(entries.get('offset') ?? 0),
    ...(length !== undefined && { length: Number(length) }),
  };
  return {
    name: tensor.text(8),
    dims: tensor.ints(1),
    type,
    pieces: raw !== undefined ? [raw] : isFloat ? tensor.pieces(4) : [],
    numbers: raw !== undefined || isFloat ? [] : tensor.ints(type === tensorTypes.int64 ? 7 : 5),
    ...(tensor.int(14) === EXTERNAL && { external }),
  };
}

function valueOf(value: Message): FileValue {
  const shape = value.message(2)?.message(1)?.message(2);
  const dims = shape?.messages(1) ?? [];
  return { name: value.text(1), dims: dims.map((dim) => (dim.has(1) ? dim.int(1) : undefined)) };
}
