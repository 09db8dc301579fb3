import protobuf from 'protobufjs/light.js';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/proto/schema.generated.js';
import { messageType } from '../../src/proto/types.js';

/** All that decides how a message is read and written, and then that of the messages that its fields are. */
function described(type: protobuf.Type, known: Map<string, unknown> = new Map()): unknown[] {
  const inner: protobuf.Type[] = [];
  const fields = type.fieldsArray.map((field) => {
    const { name, id, repeated, packed, map, required, hasPresence, partOf, resolvedType } = field.resolve();
    if (resolvedType instanceof protobuf.Type) inner.push(resolvedType);
    const kind = resolvedType?.fullName ?? field.type;
    return [name, id, kind, partOf?.name, ...[repeated, packed, map, required, hasPresence].map(Boolean)];
  });
  known.set(type.fullName, { name: type.fullName, fields });
  for (const each of inner) if (!known.has(each.fullName)) described(each, known);
  return [...known.values()];
}

describe('a message that is made when it is wanted', () => {
  const all = protobuf.Root.fromJSON(schema);

  // Small ones before those that they are in, and the other way round.
  it.each([
    'AttrValue',
    'CheckpointState',
    'GraphDef',
    'SavedModel',
    'MetaGraphDef.MetaInfoDef',
    'VariableDef',
    'NodeDef',
  ] as const)('%s is what it is among all messages', (name) => {
    expect(described(messageType(name))).toEqual(described(all.lookupType(`tensorflow.${name}`)));
  });

  it('has one type, wherever it is referred to', () => {
    const { node } = messageType('GraphDef').fields;
    expect(node?.resolve().resolvedType === messageType('NodeDef')).toBe(true);
  });
});
