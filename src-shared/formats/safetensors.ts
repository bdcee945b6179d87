/** The safetensors format: a JSON header of names, types and places, then the values as they lie in memory. */
import protobuf from 'protobufjs/light.js';
import { z } from 'zod';
import { failure, type Result, success } from '../util/result';

/** Float32 is all that we keep: weights, statistics and optimiser slots. */
export interface NamedTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

export interface TensorFile {
  readonly tensors: readonly NamedTensor[];
  /** Free texts, such as step and epoch. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The format's own limit, so that a damaged length takes no memory. */
const MAXIMUM_HEADER_BYTES = 100_000_000;
const LENGTH_BYTES = 8;
const SPACE = 32;

/** The core has no TextEncoder: it knows neither a page nor Node. */
const { utf8 } = protobuf.util;

/**
 * The file in parts, to be written one after another without a copy of the values in one piece.
 * Values are little-endian, as on every machine that we run on.
 */
export function encodeSafetensors({ tensors, metadata }: TensorFile): readonly Uint8Array[] {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const { name, dims, values } of tensors) {
    header[name] = { dtype: 'F32', shape: dims, data_offsets: [offset, offset + values.byteLength] };
    offset += values.byteLength;
  }
  const json = JSON.stringify(header);
  const used = utf8.length(json);
  // Padded so that the values are aligned when the file is mapped into memory.
  const text = new Uint8Array(Math.ceil(used / 8) * 8).fill(SPACE);
  utf8.write(json, text, 0);
  const length = new Uint8Array(LENGTH_BYTES);
  new DataView(length.buffer).setBigUint64(0, BigInt(text.byteLength), true);
  return [length, text, ...tensors.map(({ values }) => bytesOf(values))];
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

const size = z.number().int().nonnegative();
const entry = z.object({
  dtype: z.string(),
  shape: z.array(size),
  data_offsets: z.tuple([size, size]),
});
const headerSchema = z.object({ __metadata__: z.record(z.string(), z.string()).default({}) }).catchall(entry);

/** Metadata alone, from the beginning of a file; the reason as text when it is no such file. */
export function decodeSafetensorsMetadata(
  bytes: Uint8Array,
): Result<Readonly<Record<string, string>>, string> {
  const header = decodeHeader(bytes);
  return header.ok ? success(header.value.entries.__metadata__) : header;
}

/**
 * The whole file; values are copies. The reason as text when it is damaged. Tensors of other types than float32 are a
 * reason too, unless they are passed over: counters in files of others.
 */
export function decodeSafetensors(
  bytes: Uint8Array,
  { skipsOtherTypes = false }: { readonly skipsOtherTypes?: boolean } = {},
): Result<TensorFile, string> {
  const header = decodeHeader(bytes);
  if (!header.ok) return header;
  const { __metadata__: metadata, ...entries } = header.value.entries;
  const data = bytes.subarray(header.value.end);
  const tensors: NamedTensor[] = [];
  let bytesLeft = data.byteLength;
  for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries(entries)) {
    if (dtype !== 'F32') {
      if (skipsOtherTypes) continue;
      return failure('its header cannot be read');
    }
    const [begin, end] = offsets;
    const elements = shape.reduce((product, dim) => product * dim, 1);
    if (end - begin !== elements * 4) return failure(`${name} does not have the size of its shape`);
    if (end > data.byteLength) return failure(`${name} lies beyond the end of the file`);
    // The format has no tensors that overlap: many of the same bytes would take more memory than the file.
    bytesLeft -= end - begin;
    if (bytesLeft < 0) return failure('its tensors overlap');
    tensors.push({ name, dims: shape, values: copyValues(data.subarray(begin, end)) });
  }
  return success({ tensors, metadata });
}

/** Not `slice`, which a Buffer answers with a view. */
function copyValues(bytes: Uint8Array): Float32Array {
  const values = new Float32Array(bytes.byteLength / 4);
  bytesOf(values).set(bytes);
  return values;
}

interface Header {
  readonly entries: z.infer<typeof headerSchema>;
  /** Where the values begin. */
  readonly end: number;
}

function decodeHeader(bytes: Uint8Array): Result<Header, string> {
  if (bytes.byteLength < LENGTH_BYTES) return failure('it is too short');
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  const end = LENGTH_BYTES + Number(length);
  if (length > MAXIMUM_HEADER_BYTES || end > bytes.byteLength) return failure('its header is cut off');
  try {
    const parsed: unknown = JSON.parse(utf8.read(bytes, LENGTH_BYTES, end));
    const entries = headerSchema.safeParse(parsed);
    if (entries.success) return success({ entries: entries.data, end });
  } catch {
    // Not JSON: the same answer as JSON of another form.
  }
  return failure('its header cannot be read');
}
