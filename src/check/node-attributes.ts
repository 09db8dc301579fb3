/** The attributes of a node as TensorFlow would see them: those that it has, and the defaults of those that it lacks. */
import { isUint8Array } from 'node:util/types';
import { decodingAttribute } from '../graph/attributes.js';
import { decodeAttributes } from '../graph/encoded-node.js';
import type { Attribute, GraphNode } from '../graph/node.js';
import { opDefaults } from '../graph/op-defaults.generated.js';
import { decoding } from '../proto/decoding.js';
import { type AttributeValue, decodeAttribute } from './attribute-value.js';

/** By op, then by attribute: the defaults that were asked for. */
const knownDefaults = new Map<string, Map<string, AttributeValue>>();

export class NodeAttributes {
  readonly #encoded: ReadonlyMap<string, Attribute>;
  readonly #decoded = new Map<string, AttributeValue>();

  /** @throws PermafrostError GRAPH_MALFORMED, as does `get`, where the bytes are none of a node. */
  constructor(private readonly node: GraphNode) {
    const { encoded } = node;
    // Not `node.attributes`, which the node would keep: of a large graph that is most of its memory.
    this.#encoded = encoded
      ? decoding(
          () => `Node '${node.name}' (${node.op})`,
          () => decodeAttributes(encoded),
        )
      : node.attributes;
  }

  /** Of those that stand in the file. */
  names(): Iterable<string> {
    return this.#encoded.keys();
  }

  /** @returns undefined where the node has none of that name, nor the op a default. */
  get(name: string): AttributeValue | undefined {
    const known = this.#decoded.get(name);
    if (known) return known;
    const own = this.#own(name);
    const value = own?.kind === undefined ? defaultOf(this.node.op, name) : own;
    if (value) this.#decoded.set(name, value);
    return value;
  }

  #own(name: string): AttributeValue | undefined {
    const bytes = this.#encoded.get(name);
    if (!isUint8Array(bytes)) return undefined;
    return decodingAttribute(this.node, name, () => decodeAttribute(bytes));
  }
}

function defaultOf(op: string, name: string): AttributeValue | undefined {
  const defaults = Object.hasOwn(opDefaults, op) ? opDefaults[op] : undefined;
  const digits = defaults && Object.hasOwn(defaults, name) ? defaults[name] : undefined;
  // Ops that TensorFlow does not have are as many as files make up.
  if (digits === undefined) return undefined;
  const ofOp = knownDefaults.get(op) ?? new Map<string, AttributeValue>();
  knownDefaults.set(op, ofOp);
  const value = ofOp.get(name) ?? decodeAttribute(Buffer.from(digits, 'hex'));
  ofOp.set(name, value);
  return value;
}
