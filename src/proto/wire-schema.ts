/** What the wire format needs to know of a message type, as flat tables that are quick to walk. */
import protobuf from 'protobufjs/light.js';

export const WireType = { varint: 0, fixed64: 1, bytes: 2, groupStart: 3, groupEnd: 4, fixed32: 5 } as const;
export type WireType = (typeof WireType)[keyof typeof WireType];

/** How a varint field limits its values: which encodings of a number are the one that TensorFlow would write. */
export type VarintKind = 'int32' | 'uint32' | 'int64' | 'bool';

export interface FieldSchema {
  readonly id: number;
  /** Of one value. A packed field is `bytes` on the wire. */
  readonly wireType: WireType;
  /** Set for varint fields. */
  readonly varint: VarintKind | undefined;
  readonly repeated: boolean;
  readonly packed: boolean;
  readonly map: boolean;
  /** Whether a default value that stands on the wire means more than an absent one. */
  readonly presence: boolean;
  /** Members of one oneof share a number; -1: none. */
  readonly oneof: number;
  /** The message type of a message field, or of a map's entries. */
  readonly message: MessageSchema | undefined;
}

export interface MessageSchema {
  readonly name: string;
  /** By field number; sparse. */
  readonly fields: readonly (FieldSchema | undefined)[];
}

const wireTypes: Record<string, WireType> = {
  double: WireType.fixed64,
  fixed64: WireType.fixed64,
  sfixed64: WireType.fixed64,
  float: WireType.fixed32,
  fixed32: WireType.fixed32,
  sfixed32: WireType.fixed32,
  string: WireType.bytes,
  bytes: WireType.bytes,
};

const varintKinds: Record<string, VarintKind> = { int32: 'int32', uint32: 'uint32', sint32: 'uint32', bool: 'bool' };

const compiled = new WeakMap<protobuf.Type, MessageSchema>();

/** The schema of a protobufjs type; made once a type. Recursive types work. */
export function messageSchema(type: protobuf.Type): MessageSchema {
  const known = compiled.get(type);
  if (known) return known;
  const fields: (FieldSchema | undefined)[] = [];
  const schema: MessageSchema = { name: type.name, fields };
  compiled.set(type, schema);
  for (const field of type.fieldsArray) {
    const resolved = field.resolve();
    fields[resolved.id] = resolved instanceof protobuf.MapField ? mapField(resolved) : plainField(type, resolved);
  }
  return schema;
}

function plainField(type: protobuf.Type, field: protobuf.Field): FieldSchema {
  const message = field.resolvedType instanceof protobuf.Type ? messageSchema(field.resolvedType) : undefined;
  const oneof = field.partOf ? type.oneofsArray.indexOf(field.partOf) : -1;
  const value = scalar(field.resolvedType ? undefined : field.type, message !== undefined);
  return {
    id: field.id,
    ...value,
    repeated: field.repeated,
    packed: field.repeated && field.packed && value.wireType !== WireType.bytes,
    map: false,
    presence: oneof >= 0 || message !== undefined,
    oneof,
    message,
  };
}

/** A map is a repeated message of key (1) and value (2), both of which are always written. */
function mapField(field: protobuf.MapField): FieldSchema {
  const value = field.resolvedType instanceof protobuf.Type ? messageSchema(field.resolvedType) : undefined;
  const part = { repeated: false, packed: false, map: false, presence: true, oneof: -1 } as const;
  const entry: MessageSchema = {
    name: `${field.name} entry`,
    fields: [
      undefined,
      { id: 1, ...scalar(field.keyType, false), ...part, message: undefined },
      { id: 2, ...scalar(field.resolvedType ? undefined : field.type, value !== undefined), ...part, message: value },
    ],
  };
  const { id } = field;
  return { id, wireType: WireType.bytes, varint: undefined, ...part, repeated: true, map: true, message: entry };
}

/** Of a scalar type by its name; of a message; else of an enum, which travels as int32. */
function scalar(name: string | undefined, isMessage: boolean): Pick<FieldSchema, 'wireType' | 'varint'> {
  if (isMessage) return { wireType: WireType.bytes, varint: undefined };
  if (name === undefined) return { wireType: WireType.varint, varint: 'int32' };
  const wireType = wireTypes[name];
  if (wireType !== undefined) return { wireType, varint: undefined };
  return { wireType: WireType.varint, varint: varintKinds[name] ?? 'int64' };
}
