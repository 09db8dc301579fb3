/** A body may leave an attribute to the call, under a name; or an attribute of a function that it calls in turn. */
import { isUint8Array } from 'node:util/types';
import type { Attribute } from '../graph/node.js';
import { type AttrValue, messageType } from '../proto/types.js';
import { readFields } from '../proto/wire-fields.js';
import { WireType } from '../proto/wire-schema.js';
import { tag } from '../proto/wire-writer.js';

const placeholderTag = tag(9, WireType.bytes);
const functionTag = tag(10, WireType.bytes);

/** The name that an encoded AttrValue leaves open; undefined where it is a value. */
export function openName(value: Uint8Array): string | undefined {
  if (value[0] !== placeholderTag) return undefined;
  const [open] = readFields(value);
  return Buffer.from(open?.payload ?? []).toString('utf8');
}

/** What one call gives for the attributes that the body leaves open. */
export class GivenAttributes {
  /** All nodes that are given one share it. */
  readonly #encoded = new Map<string, Uint8Array>();

  constructor(private readonly given: Readonly<Record<string, AttrValue>>) {}

  fill(value: Attribute): Attribute {
    if (!isUint8Array(value)) return value;
    if (value[0] === functionTag) return this.#filledFunction(value);
    const name = openName(value);
    return name === undefined ? value : (this.#encodedOf(name) ?? value);
  }

  #encodedOf(name: string): Uint8Array | undefined {
    const given = this.#of(name);
    const encoded = this.#encoded.get(name) ?? (given && messageType('AttrValue').encode(given).finish());
    if (encoded) this.#encoded.set(name, encoded);
    return encoded;
  }

  #filledFunction(value: Uint8Array): Uint8Array {
    const type = messageType('AttrValue');
    const { func } = type.decode(value) as AttrValue;
    const open = Object.entries(func?.attr ?? {}).filter(([, each]) => each.placeholder);
    const filled = open.flatMap(([name, { placeholder = '' }]) => {
      const attribute = this.#of(placeholder);
      return attribute ? [[name, attribute] as const] : [];
    });
    if (filled.length === 0) return value;
    return type.encode({ func: { ...func, attr: { ...func?.attr, ...Object.fromEntries(filled) } } }).finish();
  }

  #of(name: string): AttrValue | undefined {
    return Object.hasOwn(this.given, name) ? this.given[name] : undefined;
  }
}
