/** Which part of a stored tensor a variable is, told by its name and the shapes of its siblings. */
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import type { StoredTensor } from '../graph/stored-tensor.js';
import { isVariable, variableShape } from '../graph/variables.js';

/** The name of the whole, where a variable is named like a part (`emb/part_0`). */
export function nameOfWhole(name: string): string | undefined {
  return /^(.+)\/part_\d+$/.exec(name)?.[1];
}

/** Variables that are named like the parts of one, from `part_0` on, as long as they go on. */
interface Parts {
  readonly shapes: readonly (readonly number[])[];
  /** By axis: where each part begins, were they one after the other along it, and behind the last, where all end. */
  readonly starts: readonly (readonly number[])[];
  /** By axis: the size that all parts have; undefined where they differ. */
  readonly sizes: readonly (number | undefined)[];
}

export class PartShapes {
  /** By the name of the whole. */
  readonly #parts = new Map<string, Parts | undefined>();

  constructor(private readonly graph: Graph) {}

  /**
   * The part that a variable's name and the shapes of its siblings say it is: `emb/part_0` and so on, one after the other
   * along one axis, together all of the stored tensor.
   * @returns undefined where they do not add up to it along exactly one axis.
   */
  partOf(variable: GraphNode, whole: StoredTensor): StoredTensor | undefined {
    const base = nameOfWhole(variable.name);
    const parts = base === undefined ? undefined : this.#partsOf(base);
    const number = Number(variable.name.slice(`${base}/part_`.length));
    const own = parts?.shapes[number];
    const axis = parts && cutAxis(parts, whole.shape);
    if (axis === undefined || !own) return undefined;
    const start = parts?.starts[axis]?.[number] as number;
    return whole.part(own.map((length, at) => ({ start: at === axis ? start : 0, length })));
  }

  #partsOf(base: string): Parts | undefined {
    if (!this.#parts.has(base)) this.#parts.set(base, partsOf(this.graph, base));
    return this.#parts.get(base);
  }
}

/** @returns undefined where there are none, or a shape is not known, or has another rank than the others. */
function partsOf(graph: Graph, base: string): Parts | undefined {
  const shapes: (readonly number[])[] = [];
  for (let part = graph.byName.get(`${base}/part_0`); part && isVariable(part); ) {
    const shape = variableShape(part);
    if (!shape || shape.length !== (shapes[0] ?? shape).length || shape.some((size) => size < 0)) return undefined;
    shapes.push(shape);
    part = graph.byName.get(`${base}/part_${shapes.length}`);
  }
  const axes = [...(shapes[0] ?? []).keys()];
  return {
    shapes,
    starts: axes.map((axis) => runningSums(shapes.map((shape) => shape[axis] as number))),
    sizes: axes.map((axis) => {
      const size = shapes[0]?.[axis];
      return shapes.every((shape) => shape[axis] === size) ? size : undefined;
    }),
  };
}

function runningSums(sizes: readonly number[]): number[] {
  let end = 0;
  return [0, ...sizes.map((size) => (end += size))];
}

/** The axis along which these parts in a row make the full shape; undefined where there is none. */
function cutAxis({ shapes, starts, sizes }: Parts, full: readonly number[]): number | undefined {
  if (starts.length !== full.length) return undefined;
  const [cut, ...more] = [...full.keys()].filter((axis) => sizes[axis] !== full[axis]);
  if (more.length > 0) return undefined;
  // Where the parts have the whole's size along all axes, any of them may be it.
  const axes = [...full.keys()].filter((axis) => starts[axis]?.at(-1) === full[axis] && axis === (cut ?? axis));
  // A single part is the whole, whatever the axis.
  return axes.length === 1 || shapes.length === 1 ? axes[0] : undefined;
}
