/** The attributes of a node as TensorFlow would see them: those that it has, and the defaults of those that it lacks. */
import { decodeFields } from '../graph/encoded-node.js';
import type { GraphNode } from '../graph/node.js';
import { opDefaults } from '../graph/op-defaults.generated.js';
import { decoding } from '../proto/decoding.js';
import { type AttributeValue, decodeAttribute } from './attribute-value.js';

/** By op and attribute: the defaults that were asked for. */
const knownDefaults = new Map<string, AttributeValue>();

export class NodeAttributes {
  readonly #own = new Map<string, AttributeValue>();

  /** @throws PermafrostError GRAPH_MALFORMED where the node or an attribute of it cannot be decoded. */
  constructor(private readonly node: GraphNode) {
    // Not `node.attributes`, which the node would keep: of a large graph that is most of its memory.
    const encoded = node.encoded
      ? decoding(
          () => `Node '${node.name}' (${node.op})`,
          () => decodeFields(node.encoded as NonNullable<typeof node.encoded>).attributes,
        )
      : node.attributes;
    for (const [name, bytes] of encoded) {
      if (bytes instanceof Uint8Array) this.#own.set(name, this.#decode(name, bytes));
    }
  }

  /** Those that stand in the file. */
  get own(): ReadonlyMap<string, AttributeValue> {
    return this.#own;
  }

  /** @returns undefined where the node has none of that name, nor the op a default. */
  get(name: string): AttributeValue | undefined {
    const own = this.#own.get(name);
    return own?.kind === undefined ? defaultOf(this.node.op, name) : own;
  }

  #decode(name: string, bytes: Uint8Array): AttributeValue {
    return decoding(
      () => `Attribute '${name}' of node '${this.node.name}' (${this.node.op})`,
      () => decodeAttribute(bytes),
    );
  }
}

function defaultOf(op: string, name: string): AttributeValue | undefined {
  const key = `${op} ${name}`;
  const known = knownDefaults.get(key);
  if (known) return known;
  const defaults = Object.hasOwn(opDefaults, op) ? opDefaults[op] : undefined;
  const digits = defaults && Object.hasOwn(defaults, name) ? defaults[name] : undefined;
  if (digits === undefined) return undefined;
  const value = decodeAttribute(Buffer.from(digits, 'hex'));
  knownDefaults.set(key, value);
  return value;
}
