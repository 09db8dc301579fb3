/**
 * Which functions nodes call or hand on: in attributes of type func and list(func), or as their op. Many passes ask this of
 * every node, so the bytes are gone through, and nothing is made of those that name none.
 */
import { asBuffer } from '../proto/as-buffer.js';
import { WireCursor } from '../proto/wire-cursor.js';
import { checkDepth } from '../proto/wire-values.js';
import { entryFields, tag } from '../proto/wire-writer.js';
import { decodingAttribute } from './attributes.js';
import type { GraphFunction } from './function.js';
import type { Graph } from './graph.js';
import type { FunctionLibrary } from './library.js';
import type { GraphNode } from './node.js';

/** Of AttrValue, of the list in it, of NameAttrList, and of the entries of its attributes. */
const tags = {
  value: { list: tag(1), func: tag(10) },
  list: { func: tag(9) },
  func: { name: tag(1), attr: tag(2) },
  entry: { key: tag(entryFields.key), value: tag(entryFields.value) },
} as const;

/** The names of the functions in a node's attributes, those in the attributes of functions with them. */
export function referencedFunctions(node: GraphNode): string[] {
  const names: string[] = [];
  node.forEachValue((source, start, end) => collect(source, start, end, names, 0));
  return names;
}

/** As `referencedFunctions`, of one attribute. */
export function functionsOfAttribute(node: GraphNode, name: string): string[] {
  const names: string[] = [];
  const value = node.attribute(name);
  if (value) decodingAttribute(node, name, () => collect(value, 0, value.length, names, 0));
  return names;
}

/** An attribute of a function, as a node that names the function gives it. */
export interface GivenAttribute {
  readonly called: string;
  readonly name: string;
  /** The encoded AttrValue. */
  readonly value: Uint8Array;
}

/** What a node gives the functions that it names itself. */
export function givenAttributes(node: GraphNode): GivenAttribute[] {
  const given: GivenAttribute[] = [];
  node.forEachValue((source, start, end) => {
    for (const func of functionsIn(source, start, end)) {
      const { at, limit } = func;
      const called = nameIn(source, func);
      func.enter(at, limit);
      for (const entry of messagesOf(func, tags.func.attr)) given.push({ called, ...attributeIn(source, entry) });
    }
  });
  return given;
}

/** Of an entry of the attributes: of two keys or values, the last one counts. */
function attributeIn(source: Uint8Array, entry: WireCursor): { name: string; value: Uint8Array } {
  const { at, limit } = entry;
  const key = messagesOf(entry, tags.entry.key).at(-1);
  entry.enter(at, limit);
  const value = messagesOf(entry, tags.entry.value).at(-1);
  return {
    name: key ? asBuffer(source).toString('utf8', key.at, key.limit) : '',
    value: source.subarray(value?.at ?? 0, value?.limit ?? 0),
  };
}

/** The functions that an attribute names itself, in their order. */
export function functionsNamedBy(node: GraphNode, name: string): string[] {
  const value = node.attribute(name);
  return value
    ? decodingAttribute(node, name, () => functionsIn(value, 0, value.length).map((func) => nameIn(value, func)))
    : [];
}

/** @param depth how many messages are around the AttrValue that is bytes `start` to `end`. */
function collect(source: Uint8Array, start: number, end: number, names: string[], depth: number): void {
  const found = functionsIn(source, start, end);
  if (found.length > 0) checkDepth(depth);
  for (const func of found) {
    const { at, limit } = func;
    const name = nameIn(source, func);
    if (name !== '') names.push(name);
    func.enter(at, limit);
    for (const entry of messagesOf(func, tags.func.attr)) {
      for (const value of messagesOf(entry, tags.entry.value)) {
        collect(source, value.at, value.limit, names, depth + 3);
      }
    }
  }
}

/** Of a NameAttrList: the last one counts. */
function nameIn(source: Uint8Array, func: WireCursor): string {
  const name = messagesOf(func, tags.func.name).at(-1);
  return name ? asBuffer(source).toString('utf8', name.at, name.limit) : '';
}

const none: readonly WireCursor[] = [];

/** The NameAttrLists of the AttrValue that is bytes `start` to `end`. */
function functionsIn(source: Uint8Array, start: number, end: number): readonly WireCursor[] {
  const first = start < end ? source[start] : 0;
  if (first === tags.value.func) return messagesOf(new WireCursor(source, start, end), tags.value.func);
  if (first !== tags.value.list) return none;
  return messagesOf(new WireCursor(source, start, end), tags.value.list).flatMap((list) =>
    messagesOf(list, tags.list.func),
  );
}

/** What the fields of that tag hold. */
function messagesOf(message: WireCursor, wanted: number): readonly WireCursor[] {
  const found: WireCursor[] = [];
  while (!message.isAtEnd) {
    const next = message.varint();
    if (next === wanted) found.push(message.message());
    else message.skip(next);
  }
  return found;
}

/** The names of the functions that the graph's nodes need, and the functions that those need, with their gradients. */
export function reachableFunctions({ nodes, library }: Graph): ReadonlySet<string> {
  const reach = new FunctionReach(library);
  reach.from(nodes);
  return reach.found;
}

/** The same of several nodes, one after the other. */
export class FunctionReach {
  readonly found: Set<string> = new Set();

  constructor(private readonly library: FunctionLibrary) {}

  /** @returns those that the nodes need besides what has been found so far. */
  from(nodes: readonly GraphNode[]): GraphFunction[] {
    const added: GraphFunction[] = [];
    const { byName, functions, gradientOf } = this.library;
    if (functions.length === 0) return added;
    const waiting: string[] = [];
    const visit = (node: GraphNode): void => {
      waiting.push(node.op);
      for (const name of referencedFunctions(node)) waiting.push(name);
    };
    nodes.forEach(visit);
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      const called = byName.get(name);
      if (!called || this.found.has(name)) continue;
      this.found.add(name);
      added.push(called);
      called.nodes.forEach(visit);
      const gradient = gradientOf.get(name);
      if (gradient !== undefined) waiting.push(gradient);
    }
    return added;
  }
}
