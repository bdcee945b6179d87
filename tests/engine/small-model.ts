/** SavedModels of a few operations, encoded here by themselves: no compiler of ours is involved. */
import protobuf from 'protobufjs';

const FLOAT = 1;
const INT32 = 3;
const UINT8 = 4;

/** The few fields that a small graph needs, with the numbers that TensorFlow's own .proto files give them. */
const schema = `syntax = "proto3";
message Dim { int64 size = 1; }
message Shape { repeated Dim dim = 2; }
message Tensor { int32 dtype = 1; Shape tensor_shape = 2; bytes tensor_content = 4; }
message Attribute { oneof value { bytes s = 2; bool b = 5; int32 type = 6; Shape shape = 7; Tensor tensor = 8; } }
message Node { string name = 1; string op = 2; repeated string input = 3; map<string, Attribute> attr = 5; }
message Versions { int32 producer = 1; }
message Graph { repeated Node node = 1; Versions versions = 4; }
message MetaInfo { repeated string tags = 4; }
message MetaGraph { MetaInfo meta_info_def = 1; Graph graph_def = 2; }
message SavedModel { int64 saved_model_schema_version = 1; repeated MetaGraph meta_graphs = 2; }`;

const savedModel = protobuf.parse(schema, { keepCase: true }).root.lookupType('SavedModel');

type Attribute =
  | { readonly type: number }
  | { readonly b: boolean }
  | { readonly s: Uint8Array }
  | { readonly shape: { readonly dim: readonly { readonly size: number }[] } }
  | { readonly tensor: object };

const shapeOf = (dims: readonly number[]) => ({ dim: dims.map((size) => ({ size })) });
const text = (value: string): Attribute => ({ s: Buffer.from(value) });

class SmallModel {
  readonly #nodes: object[] = [];

  op(
    name: string,
    op: string,
    input: readonly string[],
    attr: Readonly<Record<string, Attribute>> = {},
  ): void {
    this.#nodes.push({ name, op, input, attr });
  }

  constant(name: string, values: Float32Array | Int32Array, dims: readonly number[]): void {
    const dtype = values instanceof Float32Array ? FLOAT : INT32;
    const tensor = { dtype, tensor_shape: shapeOf(dims), tensor_content: new Uint8Array(values.buffer) };
    this.op(name, 'Const', [], { dtype: { type: dtype }, value: { tensor } });
  }

  bytes(): Uint8Array {
    const graph_def = { node: this.#nodes, versions: { producer: 1087 } };
    const meta_graphs = [{ meta_info_def: { tags: ['serve'] }, graph_def }];
    return savedModel.encode(savedModel.fromObject({ saved_model_schema_version: 1, meta_graphs })).finish();
  }
}

const float = { T: { type: FLOAT } };

/**
 * `double`: 2x and the shape of x for a batch of any size; a variable of `size` floats with assign, read and
 * `subtract`; `gather` of rows, which fails on a bad index; `fill` to run out of memory; `bytes` for uint8.
 */
export function smallModel(size: number): Uint8Array {
  const model = new SmallModel();
  model.op('x', 'Placeholder', [], { dtype: { type: FLOAT }, shape: { shape: shapeOf([-1, 3]) } });
  model.op('double_1/Add', 'AddV2', ['x', 'x'], float);
  model.op('double_1/Shape', 'Shape', ['x'], { ...float, out_type: { type: INT32 } });
  model.op('rows', 'Placeholder', [], { dtype: { type: INT32 }, shape: { shape: shapeOf([-1]) } });
  model.constant('axis', Int32Array.of(0), []);
  model.op('gather_1/Gather', 'GatherV2', ['x', 'rows', 'axis'], {
    Tparams: { type: FLOAT },
    Tindices: { type: INT32 },
    Taxis: { type: INT32 },
  });
  model.op('variable', 'VarHandleOp', [], {
    dtype: { type: FLOAT },
    shape: { shape: shapeOf([size]) },
    shared_name: text('weights'),
    container: text(''),
  });
  model.op('value', 'Placeholder', [], { dtype: { type: FLOAT }, shape: { shape: shapeOf([size]) } });
  model.op('copy', 'DeepCopy', ['value'], float);
  model.op('assign', 'AssignVariableOp', ['variable', 'copy'], { dtype: { type: FLOAT } });
  model.op('assigned', 'Identity', ['axis', '^assign'], { T: { type: INT32 } });
  model.op('read', 'ReadVariableOp', ['variable'], { dtype: { type: FLOAT } });
  model.op('dims', 'Placeholder', [], { dtype: { type: INT32 }, shape: { shape: shapeOf([-1]) } });
  model.constant('one', Float32Array.of(1), []);
  model.op('fill_1/Fill', 'Fill', ['dims', 'one'], { ...float, index_type: { type: INT32 } });
  model.constant('axes', Int32Array.of(0, 1, 2, 3), [4]);
  model.op('fill_1/Sum', 'Sum', ['fill_1/Fill', 'axes'], {
    ...float,
    Tidx: { type: INT32 },
    keep_dims: { b: false },
  });
  model.op('pixels', 'Placeholder', [], { dtype: { type: UINT8 }, shape: { shape: shapeOf([-1]) } });
  model.op('bytes/Cast', 'Cast', ['pixels'], {
    SrcT: { type: UINT8 },
    DstT: { type: FLOAT },
    Truncate: { b: false },
  });
  return model.bytes();
}
