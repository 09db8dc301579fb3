/**
 * An AttrValue (`attr_value.proto`) as a check needs it: which member is set, and the small ones decoded. The bytes of
 * tensors are never looked at, so that a graph's size costs nothing.
 */
import type protobuf from 'protobufjs/light.js';
import { payloadEnd, wireReader } from '../proto/wire-reader.js';
import { WireType } from '../proto/wire-schema.js';
import { skipVarint } from '../proto/wire-values.js';

export type Member = 'string' | 'int' | 'float' | 'bool' | 'type' | 'shape' | 'tensor' | 'func';

export interface AttributeList {
  /** Which kinds of elements are in it; empty for an empty list. */
  readonly members: ReadonlySet<Member>;
  readonly length: number;
  readonly types: readonly number[];
  /** The encoded strings, shapes, tensors or functions. */
  readonly payloads: readonly Uint8Array[];
}

export interface AttributeValue {
  /** Undefined for an AttrValue without a member, which is as good as none. */
  readonly kind: Member | 'list' | 'placeholder' | undefined;
  /** An `int`, a `type`, or a `bool` as 0 or 1. */
  readonly number: number;
  /** What a `string` is, or the encoded shape, tensor or function. */
  readonly payload: Uint8Array;
  readonly list: AttributeList;
}

/** Field numbers of AttrValue, and of the list in it but for `func`, which is 9 there. */
const kinds: Readonly<Record<number, AttributeValue['kind']>> = {
  1: 'list',
  2: 'string',
  3: 'int',
  4: 'float',
  5: 'bool',
  6: 'type',
  7: 'shape',
  8: 'tensor',
  9: 'placeholder',
  10: 'func',
};
const members: Readonly<Record<number, Member>> = {
  2: 'string',
  3: 'int',
  4: 'float',
  5: 'bool',
  6: 'type',
  7: 'shape',
  8: 'tensor',
  9: 'func',
};

const noBytes = new Uint8Array(0);
const noList: AttributeList = { members: new Set(), length: 0, types: [], payloads: [] };

/** @throws RangeError where the bytes are no AttrValue. */
export function decodeAttribute(bytes: Uint8Array): AttributeValue {
  const reader = wireReader(bytes);
  let value: AttributeValue = { kind: undefined, number: 0, payload: noBytes, list: noList };
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const kind = kinds[tag >>> 3];
    const wireType = tag & 7;
    if (wireType === WireType.bytes) {
      const payload = takePayload(reader, bytes);
      if (kind) value = { kind, number: 0, payload, list: kind === 'list' ? decodeList(payload) : noList };
    } else if (wireType === WireType.varint && kind) {
      value = { kind, number: readNumber(reader), payload: noBytes, list: noList };
    } else {
      reader.skipType(wireType, 0, tag >>> 3);
      if (kind) value = { kind, number: 0, payload: noBytes, list: noList };
    }
  }
  return value;
}

function decodeList(bytes: Uint8Array): AttributeList {
  const found = new Set<Member>();
  const types: number[] = [];
  const payloads: Uint8Array[] = [];
  let length = 0;
  const reader = wireReader(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const member = members[tag >>> 3];
    const isPacked = (tag & 7) === WireType.bytes;
    if (member === undefined || (!isPacked && (tag & 7) !== WireType.varint)) {
      reader.skipType(tag & 7, 0, tag >>> 3);
      if (member) length++;
    } else if (!isPacked) {
      const number = readNumber(reader);
      if (member === 'type') types.push(number);
      length++;
    } else {
      const payload = takePayload(reader, bytes);
      length += elementCount(member, payload);
      if (member === 'type') appendNumbers(payload, types);
      else if (member !== 'int' && member !== 'float' && member !== 'bool') payloads.push(payload);
    }
    if (member) found.add(member);
  }
  return { members: found, length, types, payloads };
}

function elementCount(member: Member, payload: Uint8Array): number {
  if (member === 'float') return payload.length / 4;
  return member === 'int' || member === 'bool' || member === 'type' ? varintCount(payload) : 1;
}

/** How many varints the bytes are. */
export function varintCount(bytes: Uint8Array): number {
  const reader = wireReader(bytes);
  let count = 0;
  for (; reader.pos < reader.len; count++) skipVarint(reader);
  return count;
}

function appendNumbers(packed: Uint8Array, numbers: number[]): void {
  const reader = wireReader(packed);
  while (reader.pos < reader.len) numbers.push(reader.int32());
}

function takePayload(reader: protobuf.Reader, bytes: Uint8Array): Uint8Array {
  const end = payloadEnd(reader);
  const payload = bytes.subarray(reader.pos, end);
  reader.pos = end;
  return payload;
}

/** An int64; protobufjs gives a Long, or a number where that package is missing. */
function readNumber(reader: protobuf.Reader): number {
  return Number(String(reader.int64()));
}
