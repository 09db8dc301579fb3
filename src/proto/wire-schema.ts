/** What the wire format needs to know of a message type, as flat tables that are quick to walk. */
import { schema } from './schema.generated.js';
import type { MessageName } from './types.js';

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
  /** A string, which must be UTF-8. */
  readonly isText: boolean;
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

const varintKinds: Record<string, VarintKind> = {
  int32: 'int32',
  uint32: 'uint32',
  sint32: 'uint32',
  int64: 'int64',
  uint64: 'int64',
  sint64: 'int64',
  bool: 'bool',
};

/** A message as the generated schema has it, or an enum, which has values in place of fields. */
interface Descriptor {
  readonly fields?: Readonly<Record<string, FieldDescriptor>>;
  /** The names of the fields in each. */
  readonly oneofs?: Readonly<Record<string, { readonly oneof: readonly string[] }>>;
  readonly nested?: Readonly<Record<string, Descriptor>>;
}

interface FieldDescriptor {
  readonly type: string;
  readonly id: number;
  readonly rule?: string;
  /** Set for maps. */
  readonly keyType?: string;
}

const compiled = new Map<Descriptor, MessageSchema>();

/** The schema of a message of the `tensorflow` package; made once. Recursive types work. */
export function messageSchema(name: MessageName): MessageSchema {
  const path = ['tensorflow', ...name.split('.')];
  return compile(descriptorAt(path) as Descriptor, path);
}

/** Not of protobufjs's own types of the messages, which take several times as long to make. */
function compile(descriptor: Descriptor, path: readonly string[]): MessageSchema {
  const known = compiled.get(descriptor);
  if (known) return known;
  const fields: (FieldSchema | undefined)[] = [];
  const schema: MessageSchema = { name: path.at(-1) as string, fields };
  compiled.set(descriptor, schema);
  const oneofs = Object.values(descriptor.oneofs ?? {});
  for (const [name, field] of Object.entries(descriptor.fields ?? {})) {
    const oneof = oneofs.findIndex((each) => each.oneof.includes(name));
    fields[field.id] =
      field.keyType === undefined ? plainField(field, path, oneof) : mapField(name, field, field.keyType, path);
  }
  return schema;
}

function plainField({ id, type, rule }: FieldDescriptor, path: readonly string[], oneof: number): FieldSchema {
  const value = payloadOf(type, path);
  const repeated = rule === 'repeated';
  const packed = repeated && value.wireType !== WireType.bytes;
  return { id, ...value, repeated, packed, map: false, presence: oneof >= 0 || value.message !== undefined, oneof };
}

/** A map is a repeated message of key (1) and value (2), both of which are always written. */
function mapField(name: string, { id, type }: FieldDescriptor, keyType: string, path: readonly string[]): FieldSchema {
  const part = { repeated: false, packed: false, map: false, presence: true, oneof: -1 } as const;
  const fields = [
    undefined,
    { id: 1, ...payloadOf(keyType, path), ...part },
    { id: 2, ...payloadOf(type, path), ...part },
  ];
  const message: MessageSchema = { name: `${name} entry`, fields };
  return {
    id,
    wireType: WireType.bytes,
    varint: undefined,
    isText: false,
    ...part,
    repeated: true,
    map: true,
    message,
  };
}

/** Of a scalar; of a message or an enum, which travels as int32, by its name as it is in the message at `path`. */
function payloadOf(
  type: string,
  path: readonly string[],
): Pick<FieldSchema, 'wireType' | 'varint' | 'isText' | 'message'> {
  const wireType = wireTypes[type];
  if (wireType !== undefined) return { wireType, varint: undefined, isText: type === 'string', message: undefined };
  const varint = varintKinds[type];
  if (varint !== undefined) return { wireType: WireType.varint, varint, isText: false, message: undefined };
  for (let outer = path.length; outer >= 0; outer--) {
    const found = [...path.slice(0, outer), ...type.split('.')];
    const descriptor = descriptorAt(found);
    if (descriptor?.fields) {
      return { wireType: WireType.bytes, varint: undefined, isText: false, message: compile(descriptor, found) };
    }
    if (descriptor) break;
  }
  return { wireType: WireType.varint, varint: 'int32', isText: false, message: undefined };
}

function descriptorAt(path: readonly string[]): Descriptor | undefined {
  return path.reduce<Descriptor | undefined>((outer, name) => outer?.nested?.[name], schema as Descriptor);
}
