/** Reads Protocol Buffers from strangers: fields as they lie in the bytes, nothing copied, all of them counted. */
import protobuf from 'protobufjs/light.js';

/** Why bytes are no message; words of `import/bad-file`. */
export type MessageRefusal = 'DAMAGED' | 'TOO_MANY_OBJECTS';

/** Thrown by the reader only; whoever begins to read catches it. */
export class Unreadable extends Error {
  constructor(readonly refusal: MessageRefusal) {
    super(refusal);
  }
}

/** How many fields and numbers may still be read, in all messages of a file: each takes memory of ours. */
export class Budget {
  #left: number;

  constructor(left: number) {
    this.#left = left;
  }

  take(): void {
    this.#left -= 1;
    if (this.#left < 0) throw new Unreadable('TOO_MANY_OBJECTS');
  }
}

/** The core has no TextDecoder: it knows neither a page nor Node. */
const { utf8 } = protobuf.util;

/** Wire types (protobuf.dev/programming-guides/encoding): whole numbers, 8 bytes, bytes with a length, 4 bytes. */
const VARINT = 0;
const EIGHT_BYTES = 1;
const LENGTH = 2;
const FOUR_BYTES = 5;

/** A whole number, or the bytes of anything else. */
type Field = number | Uint8Array;

/** The fields of a message by their numbers; messages inside are read when they are asked for. */
export class Message {
  readonly #fields = new Map<number, Field[]>();
  readonly #budget: Budget;

  /** Throws Unreadable. */
  constructor(bytes: Uint8Array, budget: Budget) {
    this.#budget = budget;
    const cursor = new Cursor(bytes);
    while (!cursor.isAtEnd) {
      budget.take();
      const key = cursor.varint();
      const [id, wireType] = [Math.floor(key / 8), key % 8];
      const found = this.#fields.get(id);
      const field = cursor.field(wireType);
      if (found === undefined) this.#fields.set(id, [field]);
      else found.push(field);
    }
  }

  has(id: number): boolean {
    return this.#fields.has(id);
  }

  /** The last one counts, as the format has it; 0 where there is none. */
  int(id: number): number {
    const last = this.#fields.get(id)?.at(-1);
    return typeof last === 'number' ? last : 0;
  }

  /** Packed into one piece or not. */
  ints(id: number): readonly number[] {
    const numbers: number[] = [];
    for (const field of this.#fields.get(id) ?? []) {
      if (typeof field === 'number') numbers.push(field);
      else {
        const cursor = new Cursor(field);
        while (!cursor.isAtEnd) {
          this.#budget.take();
          numbers.push(cursor.varint());
        }
      }
    }
    return numbers;
  }

  float(id: number): number {
    const last = this.#fields.get(id)?.at(-1);
    return last instanceof Uint8Array && last.byteLength === 4 ? viewOf(last).getFloat32(0, true) : 0;
  }

  /** All bytes of the field, one piece after another: of packed numbers as they lie in memory. */
  pieces(id: number): readonly Uint8Array[] {
    return (this.#fields.get(id) ?? []).filter((field) => field instanceof Uint8Array);
  }

  bytes(id: number): Uint8Array | undefined {
    return this.pieces(id).at(-1);
  }

  /** Empty where there is none. */
  text(id: number): string {
    return textOf(this.bytes(id) ?? new Uint8Array());
  }

  texts(id: number): readonly string[] {
    return this.pieces(id).map(textOf);
  }

  message(id: number): Message | undefined {
    const bytes = this.bytes(id);
    return bytes && new Message(bytes, this.#budget);
  }

  messages(id: number): readonly Message[] {
    return this.pieces(id).map((bytes) => new Message(bytes, this.#budget));
  }
}

function textOf(bytes: Uint8Array): string {
  return utf8.read(bytes, 0, bytes.byteLength);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

class Cursor {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.byteLength;
  }

  field(wireType: number): Field {
    if (wireType === VARINT) return this.varint();
    if (wireType === EIGHT_BYTES) return this.#take(8);
    if (wireType === LENGTH) return this.#take(this.varint());
    if (wireType === FOUR_BYTES) return this.#take(4);
    throw new Unreadable('DAMAGED');
  }

  /** As a signed number of 64 bits; beyond 2^53 rounded. */
  varint(): number {
    let [low, high] = [0, 0];
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new Unreadable('DAMAGED');
      const bits = byte & 0x7f;
      if (shift < 28) low += bits * 2 ** shift;
      else if (shift === 28) {
        low += (bits & 0x0f) * 2 ** 28;
        high = bits >>> 4;
      } else high = (high | (bits << (shift - 32))) >>> 0;
      if (byte < 0x80) return (high | 0) * 2 ** 32 + low;
    }
    throw new Unreadable('DAMAGED');
  }

  #take(count: number): Uint8Array {
    const end = this.#at + count;
    if (count < 0 || end > this.#bytes.byteLength) throw new Unreadable('DAMAGED');
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }
}
