/**
 * Constants that are read on several devices, written once for each: then none crosses a bus. A copy of `w` for the first
 * GPU is `w/copy_on_GPU_0`.
 */
import { addToList } from '../../add-to-list.js';
import { freeName } from '../../graph/free-name.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { StoredTensor } from '../../graph/stored-tensor.js';
import { crossingMovesMemory } from '../../native-placement.js';
import { prune } from '../../passes/prune.js';
import type { Body } from '../columns/bodies.js';
import { constantBytes } from '../columns/tensor-bytes.js';
import { parseDevice } from '../device-spec.js';
import type { Placed } from '../place-graph.js';

export interface CopiedConstant {
  readonly constant: string;
  readonly copy: string;
  /** Whose body it is in; undefined: the main graph. */
  readonly function: string | undefined;
  /** Where the copy is. */
  readonly device: string;
  /** Of its value, at least. */
  readonly bytes: number;
}

export interface WithCopies {
  readonly graph: Graph;
  readonly copies: readonly CopiedConstant[];
}

/**
 * @param graph as it was placed, with the devices that its nodes had before. What nothing reads any more is left out.
 * @param outputs names of nodes that stay even so.
 * @param isWanted whether a copy of a constant is to be made on a device.
 */
export function copyConstants(
  graph: Graph,
  placed: Placed,
  outputs: readonly string[],
  isWanted: (constant: string, body: string | undefined, device: string) => boolean,
): WithCopies {
  const copies: CopiedConstant[] = [];
  const moved = movedConstants(placed);
  const [main = [], ...others] = placed.columns.bodies.map((body, index) => {
    const args = index === 0 ? [] : (graph.library.functions[index - 1]?.inputs ?? []);
    const added = new BodyCopies(body, new Set(args.map(({ name }) => name)));
    body.nodes.forEach((constant, position) => {
      for (const { device, consumer, input } of moved.get(body.first + position) ?? []) {
        if (!isWanted(constant.name, body.function, device)) continue;
        const { name, isNew } = added.rewire(constant, device, consumer - body.first, input);
        if (!isNew) continue;
        const bytes = constantBytes(constant);
        copies.push({ constant: constant.name, copy: name, function: body.function, device, bytes });
      }
    });
    return added.nodes();
  });
  if (copies.length === 0) return { graph, copies };
  const library = graph.library.map((each, index) => each.withNodes(others[index] ?? each.nodes));
  const read = new Set(graph.wiring.producers);
  const unread = graph.nodes.filter((_, position) => !read.has(graph.wiring.numbers[position] as number));
  const copied = graph.withLibrary(library).withNodes(main);
  return { graph: prune(copied, [...outputs, ...unread.map(({ name }) => name)], () => true), copies };
}

interface MovedConstant {
  readonly device: string;
  readonly consumer: number;
  readonly input: number;
}

/** The edges by which constants go from one memory to another, past any Identity, by the number of the constant. */
function movedConstants({ columns: { bodies, edges }, result, placed }: Placed): Map<number, MovedConstant[]> {
  const moved = new Map<number, MovedConstant[]>();
  let [body, ...others] = bodies;
  for (let at = 0; at < edges.producers.length; at++) {
    const [producer, consumer] = [edges.producers[at], edges.consumers[at]] as [number, number];
    while (body && producer >= body.first + body.nodes.length) [body, ...others] = others;
    const [from, device] = [placed[producer], placed[consumer]] as [string, string];
    const isMoved = ((result.crossings[at] as number) & crossingMovesMemory) !== 0;
    if (!body || !isMoved || from === device || from === '' || device === '') continue;
    const position = constantAt(body, producer - body.first);
    if (position < 0 || placed[body.first + position] === device) continue;
    const edge = { device, consumer, input: edges.inputs[at] as number };
    addToList(moved, body.first + position, edge);
  }
  return moved;
}

/** The constant whose value a node gives, by their positions; -1: it gives none. An Identity that waits for others is not passed. */
function constantAt({ nodes, wiring }: Body, start: number): number {
  // A chain cannot be longer than the graph, whatever a damaged file says.
  for (let position = start, steps = 0; position >= 0 && steps <= nodes.length; steps++) {
    const { op, inputs } = nodes[position] as GraphNode;
    if (op === 'Const') return position;
    if (op !== 'Identity' || inputs.length !== 1) return -1;
    position = wiring.sourceOf(wiring.firstInputs[position] as number);
  }
  return -1;
}

/** The copies in one body, and the readers that read them. */
class BodyCopies {
  /** By the name of a constant, then by device: its copy. */
  readonly #copies = new Map<string, Map<string, GraphNode>>();
  /** By position. */
  readonly #inputs = new Map<number, string[]>();

  /** @param names that are taken besides those of the nodes; gets those of copies. */
  constructor(
    private readonly body: Body,
    private readonly names: Set<string>,
  ) {}

  /** Makes the reader at a position read the copy on a device, of which there is one by then. */
  rewire(constant: GraphNode, device: string, position: number, input: number): { name: string; isNew: boolean } {
    const ofConstant = this.#copies.get(constant.name) ?? new Map<string, GraphNode>();
    this.#copies.set(constant.name, ofConstant);
    const known = ofConstant.get(device);
    const copy = known ?? this.#copyOf(constant, device);
    ofConstant.set(device, copy);
    const reader = this.body.nodes[position] as GraphNode;
    const inputs = this.#inputs.get(position) ?? [...reader.inputs];
    inputs[input] = this.body.notation.output(copy.name);
    this.#inputs.set(position, inputs);
    return { name: copy.name, isNew: known === undefined };
  }

  /** All nodes of the body, each copy behind what it is a copy of. */
  nodes(): readonly GraphNode[] {
    return this.body.nodes.flatMap((node, position) => {
      const inputs = this.#inputs.get(position);
      const rewired = inputs ? node.edit({ inputs }) : node;
      const copies = node.op === 'Const' ? this.#copies.get(node.name) : undefined;
      return copies ? [rewired, ...copies.values()] : rewired;
    });
  }

  #copyOf(constant: GraphNode, device: string): GraphNode {
    const { type = '', index = 0 } = parseDevice(device);
    const taken = (name: string): boolean => this.names.has(name) || this.body.wiring.has(name);
    const name = freeName(`${constant.name}/copy_on_${type}_${index}`, taken);
    this.names.add(name);
    const value = constant.get('value');
    // What is converted is told by the tensor: that of a copy must not be counted with the constant's own.
    const set = { _class: undefined, ...(value instanceof StoredTensor ? { value: again(value) } : {}) };
    return constant.edit({ name, device, set });
  }
}

function again({ key, row, dtype, shape, byteLength, region, converted, scaled }: StoredTensor): StoredTensor {
  return new StoredTensor(key, row, dtype, shape, byteLength, region, converted, scaled);
}
