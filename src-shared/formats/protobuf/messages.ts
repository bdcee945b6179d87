/** Messages of Protocol Buffers from tables of their fields: what we write, without generated code. */
import protobuf from 'protobufjs/light.js';

/** Number and type of a field as its public .proto file has them; a map has texts for keys. */
export type FieldRow = readonly [id: number, type: string, rule?: 'repeated' | 'map'];

/** By the name of a message, its fields by name. */
export type MessageTable = Readonly<Record<string, Readonly<Record<string, FieldRow>>>>;

/**
 * A message cannot be larger: its readers count in 32 bits. Values must leave room for the rest, which is far below the
 * difference.
 */
export const MAX_VALUE_BYTES = 2 ** 31 - 2 ** 24;

/**
 * The type of that name. Members of a oneof are written even when they have their type's zero value: `oneOf` names the
 * messages that are one.
 */
export function messageType(table: MessageTable, name: string, oneOf: readonly string[] = []): protobuf.Type {
  const root = new protobuf.Root();
  for (const [message, fields] of Object.entries(table)) {
    const type = new protobuf.Type(message);
    for (const [field, [id, fieldType, rule]] of Object.entries(fields)) {
      type.add(
        rule === 'map'
          ? new protobuf.MapField(field, id, 'string', fieldType)
          : new protobuf.Field(field, id, fieldType, rule),
      );
    }
    if (oneOf.includes(message)) type.add(new protobuf.OneOf('value', Object.keys(fields)));
    root.add(type);
  }
  return root.lookupType(name);
}
