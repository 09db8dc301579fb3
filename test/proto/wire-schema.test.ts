import protobuf from 'protobufjs/light.js';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/proto/schema.generated.js';
import { type MessageName, messageType } from '../../src/proto/types.js';
import { type FieldSchema, type MessageSchema, messageSchema } from '../../src/proto/wire-schema.js';

/** Wire types by the names of scalar types. */
const wireTypes: Record<string, number | undefined> = protobuf.types.basic;
const packable: Record<string, number | undefined> = protobuf.types.packed;
const keyTypes: Record<string, number | undefined> = protobuf.types.mapKey;

const packages = schema.nested as Record<string, protobuf.INamespace>;
const names = Object.entries(packages.tensorflow?.nested ?? {}).flatMap(([name, each]) =>
  'fields' in each ? [name] : [],
);

/** What protobufjs writes before a value of the field that is no map, with what the field is made of. */
function byProtobufjs(field: protobuf.Field): Partial<FieldSchema> {
  const { id, repeated, resolvedType, type } = field;
  const wireType = resolvedType instanceof protobuf.Type ? 2 : resolvedType ? 0 : wireTypes[type];
  const isPackable = packable[resolvedType ? 'int32' : type] !== undefined;
  const packed = repeated && field.packed && isPackable && !(resolvedType instanceof protobuf.Type);
  return { id, repeated, wireType: wireType as FieldSchema['wireType'], packed, map: false };
}

function expectSame(type: protobuf.Type, message: MessageSchema, seen = new Set<protobuf.Type>()): void {
  if (seen.has(type)) return;
  seen.add(type);
  expect(message.name).toBe(type.name);
  expect(message.fields.filter((field) => field)).toHaveLength(type.fieldsArray.length);
  for (const field of type.fieldsArray.map((each) => each.resolve())) {
    const found = message.fields[field.id] as FieldSchema;
    const isMap = field instanceof protobuf.MapField;
    const value = isMap ? found.message?.fields[2] : found;
    if (isMap) {
      expect(found).toMatchObject({ wireType: 2, repeated: true, packed: false, map: true });
      expect(found.message?.fields[1]?.wireType).toBe(keyTypes[field.keyType]);
    } else {
      expect(found, `${type.name}.${field.name}`).toMatchObject(byProtobufjs(field));
      expect(type.oneofsArray[found.oneof]).toBe(field.partOf ?? undefined);
    }
    if (field.resolvedType instanceof protobuf.Type)
      expectSame(field.resolvedType, value?.message as MessageSchema, seen);
    else expect(value?.message).toBeUndefined();
  }
}

describe('the schema of a message', () => {
  it.each(names)('is that of protobufjs: %s', (name) => {
    expectSame(messageType(name as MessageName), messageSchema(name as MessageName));
  });
});
