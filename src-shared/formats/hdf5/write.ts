/**
 * Writes HDF5 files of groups, float32 tensors and texts, in the form of HDF5 1.8. The C library would stamp every object
 * with the time, so that no two files are the same, and holds several copies of all values in memory; this needs neither.
 */
import { invariant, required } from '../../util/assert';
import type { NamedTensor } from '../safetensors';
import { packed, type Piece, utf8Bytes, zeros } from '../bytes';
import { lookup3 } from './checksum';
import {
  attributeMessage,
  groupMessages,
  linkMessage,
  objectHeader,
  tensorMessages,
  type TextPlace,
  UNDEFINED_ADDRESS,
} from './messages';

/** A list of texts takes 16 bytes for each in a message, and a message has 64 kB. */
export const MAX_TEXTS_IN_ATTRIBUTE = 4000;

export interface Hdf5Group {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string | readonly string[]>>;
  readonly groups?: readonly Hdf5Group[];
  /** Names count within the group. */
  readonly tensors?: readonly NamedTensor[];
}

/** The file whose root has these contents, in parts; names must not contain `/`. */
export function encodeHdf5(root: Omit<Hdf5Group, 'name'>): readonly Uint8Array[] {
  return new Writer().write({ name: '', ...root });
}

const SUPERBLOCK_BYTES = 48;
const ALIGNMENT = 8;

class Writer {
  readonly #parts: Uint8Array[] = [];
  /** In the order in which attributes ask for them. */
  #places: readonly TextPlace[] = [];
  #nextPlace = 0;
  #position = SUPERBLOCK_BYTES;

  write(root: Hdf5Group): readonly Uint8Array[] {
    const texts = textsOf(root);
    if (texts.length > 0) this.#writeHeap(texts);
    const address = this.#writeGroup(root);
    return [superblock(address, this.#position), ...this.#parts];
  }

  /** Contents first: the header names their addresses. */
  #writeGroup({ attributes = {}, groups = [], tensors = [] }: Hdf5Group): number {
    const attributeMessages = Object.entries(attributes).map(([name, value]) =>
      attributeMessage(name, typeof value === 'string' ? this.#place() : value.map(() => this.#place())),
    );
    const links = new Map<string, number>();
    for (const tensor of tensors) links.set(tensor.name, this.#writeTensor(tensor));
    for (const group of groups) links.set(group.name, this.#writeGroup(group));
    invariant(links.size === tensors.length + groups.length, 'two objects of a group bear one name');
    const linkMessages = Array.from(links, ([name, address]) => linkMessage(name, address));
    return this.#append(objectHeader([...groupMessages(), ...linkMessages, ...attributeMessages]));
  }

  #writeTensor({ dims, values }: NamedTensor): number {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const address = this.#append(bytes);
    return this.#append(objectHeader(tensorMessages(dims, address, bytes.byteLength)));
  }

  #place(): TextPlace {
    return required(this.#places[this.#nextPlace++], 'the place of a text');
  }

  /** One collection of the global heap (specification III.E) holds all texts. */
  #writeHeap(texts: readonly string[]): void {
    invariant(texts.length < 2 ** 16, 'a file holds too many texts');
    const encoded = texts.map(utf8Bytes);
    const objects = encoded.flatMap((bytes, index): readonly Piece[] => [
      ...heapObject(index + 1, bytes.byteLength),
      bytes,
      zeros(padding(bytes.byteLength)),
    ]);
    const body = packed(...objects);
    // The rest of the smallest size that a collection may have is one free object.
    const free = Math.max(MIN_HEAP_BYTES - HEAP_HEADER_BYTES - body.byteLength, HEAP_HEADER_BYTES);
    const size = HEAP_HEADER_BYTES + body.byteLength + free;
    const header = packed(utf8Bytes('GCOL'), [1, 1], zeros(3), [size, 8]);
    const rest = zeros(free - HEAP_HEADER_BYTES);
    const collection = this.#append(packed(header, body, ...heapObject(0, free), rest));
    this.#places = encoded.map(({ byteLength: bytes }, index) => ({ bytes, collection, index: index + 1 }));
  }

  /** Its address. */
  #append(bytes: Uint8Array): number {
    const address = this.#position;
    this.#parts.push(bytes, zeros(padding(bytes.byteLength)));
    this.#position += bytes.byteLength + padding(bytes.byteLength);
    return address;
  }
}

const MIN_HEAP_BYTES = 4096;
const HEAP_HEADER_BYTES = 16;

function heapObject(index: number, size: number): readonly Piece[] {
  return [[index, 2], [index === 0 ? 0 : 1, 2], zeros(4), [size, 8]];
}

function padding(bytes: number): number {
  return (ALIGNMENT - (bytes % ALIGNMENT)) % ALIGNMENT;
}

/** In the order in which the writer asks for places. */
function textsOf({ attributes = {}, groups = [] }: Hdf5Group): readonly string[] {
  return [...Object.values(attributes).flat(), ...groups.flatMap(textsOf)];
}

function superblock(root: number, end: number): Uint8Array {
  const signature = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a);
  // Version 2, sizes of addresses and lengths, flags; the file begins at 0 and has no extension.
  const form = Uint8Array.of(2, 8, 8, 0);
  const block = packed(signature, form, [0, 8], UNDEFINED_ADDRESS, [end, 8], [root, 8]);
  return packed(block, [lookup3(block), 4]);
}
