/** Header messages of HDF5 objects, byte by byte: The HDF Group, "HDF5 File Format Specification Version 3.0", IV.A.2. */
import type { Dims } from '../../ir/types';
import { packed, type Piece, utf8Bytes, zeros } from '../bytes';
import { lookup3 } from './checksum';

/** The address of nothing. */
export const UNDEFINED_ADDRESS = new Uint8Array(8).fill(0xff);

/** Where a text lies in the global heap. */
export interface TextPlace {
  readonly bytes: number;
  readonly collection: number;
  readonly index: number;
}

const types = {
  dataspace: 1,
  linkInfo: 2,
  datatype: 3,
  fill: 5,
  link: 6,
  layout: 8,
  groupInfo: 10,
  attribute: 12,
};

function message(type: keyof typeof types, ...pieces: readonly Piece[]): Uint8Array {
  const body = packed(...pieces);
  return packed([types[type], 1], [body.byteLength, 2], [0, 1], body);
}

/** An object header of version 2 around its messages, with its checksum. */
export function objectHeader(messages: readonly Uint8Array[]): Uint8Array {
  const size = messages.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const header = packed(utf8Bytes('OHDR'), [2, 1], [SIZE_IN_FOUR_BYTES, 1], [size, 4], ...messages);
  return packed(header, [lookup3(header), 4]);
}
/** No times either: the same contents are to give the same bytes. */
const SIZE_IN_FOUR_BYTES = 2;

/** What makes an object a group whose links stand in its header. */
export function groupMessages(): readonly Uint8Array[] {
  return [
    message('linkInfo', zeros(2), UNDEFINED_ADDRESS, UNDEFINED_ADDRESS),
    message('groupInfo', zeros(2)),
  ];
}

export function linkMessage(name: string, address: number): Uint8Array {
  const bytes = utf8Bytes(name);
  // Flags: the name is UTF-8, and its length stands in two bytes.
  return message('link', [1, 1], [0x11, 1], [1, 1], [bytes.byteLength, 2], bytes, [address, 8]);
}

/** A tensor of float32 whose values lie at `address`. */
export function tensorMessages(dims: Dims, address: number, bytes: number): readonly Uint8Array[] {
  return [
    message('dataspace', dataspace(dims)),
    message('datatype', float32),
    message('fill', [3, 1], [ALLOCATED_LATE_WRITTEN_IF_SET, 1]),
    message('layout', [3, 1], [CONTIGUOUS, 1], [address, 8], [bytes, 8]),
  ];
}
const ALLOCATED_LATE_WRITTEN_IF_SET = 0x0a;
const CONTIGUOUS = 1;

/** An attribute that is one text, or a list of them. */
export function attributeMessage(name: string, places: TextPlace | readonly TextPlace[]): Uint8Array {
  const list = 'bytes' in places ? [places] : places;
  const space = dataspace('bytes' in places ? [] : [places.length]);
  const label = packed(utf8Bytes(name), [0, 1]);
  const sizes = [label, text, space].map(({ byteLength }): Piece => [byteLength, 2]);
  const values = list.flatMap(({ bytes, collection, index }): readonly Piece[] => [
    [bytes, 4],
    [collection, 8],
    [index, 4],
  ]);
  return message('attribute', [3, 1], [0, 1], ...sizes, [1, 1], label, text, space, ...values);
}

function dataspace(dims: Dims): Uint8Array {
  const sizes = dims.map((size): Piece => [size, 8]);
  return packed([2, 1], [dims.length, 1], [0, 1], [dims.length === 0 ? 0 : 1, 1], ...sizes);
}

/** IEEE 754 single, little-endian. */
const float32 = packed(
  ...[0x11, 0x20, 0x1f, 0].map((byte): Piece => [byte, 1]),
  [4, 4],
  ...[0, 32].map((value): Piece => [value, 2]),
  ...[23, 8, 0, 23].map((byte): Piece => [byte, 1]),
  [127, 4],
);

/** Text of any length in UTF-8: a length, and a place in the global heap, of unsigned bytes. */
const text = packed(
  ...[0x19, 1, 1, 0].map((byte): Piece => [byte, 1]),
  [16, 4],
  ...[0x10, 0, 0, 0].map((byte): Piece => [byte, 1]),
  [1, 4],
  [0, 2],
  [8, 2],
);
