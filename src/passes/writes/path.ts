/**
 * The conditionals and loops that a handle or reference has gone into. There may be thousands, one in another, and a path to
 * each: so a path is its last step and the path before it.
 */
import type { GraphNode } from '../../graph/node.js';
import { commonPart, jumpTo, type Link } from './link.js';

/** An op that a value must pass too, to be alive where and as often as the handle is. */
export interface Step {
  readonly kind: 'switch' | 'enter';
  readonly node: GraphNode;
  readonly port: number;
}

export class Path implements Link<Path> {
  readonly depth: number;
  readonly before: Path;
  readonly jump: Path;
  /** What it is outside of the innermost loop. */
  readonly outside: Path;
  /** The first path that was made with the same steps: two edges whose paths have the same are alive together. */
  readonly #same: Path;
  /** Where this is the first with its steps: by what tells a next step from others, the first path that goes on with it. */
  #next: Map<string, Path> | undefined;

  private constructor(
    before?: Path,
    private readonly step?: Step,
  ) {
    this.before = before ?? this;
    this.depth = before ? before.depth + 1 : 0;
    this.jump = before ? jumpTo(before) : this;
    this.outside = step?.kind === 'enter' ? this.before : (before?.outside ?? this);
    this.#same = before && step ? before.#same.#firstBehind(step, this) : this;
  }

  /** A path of no steps. Only paths that begin with the same one can be compared. */
  static begin(): Path {
    return new Path();
  }

  into(step: Step): Path {
    return new Path(this, step);
  }

  /** This path as far as the other one has the same steps. */
  sharedWith(other: Path): Path {
    return commonPart<Path>(this, other, (a, b) => a.#same === b.#same);
  }

  /** The steps behind a part that this path begins with; without one, all of them. */
  stepsBehind(part?: Path): Step[] {
    const steps: Step[] = [];
    for (let path: Path = this; path !== part && path.step; path = path.before) steps.push(path.step);
    return steps.reverse();
  }

  #firstBehind(step: Step, path: Path): Path {
    this.#next ??= new Map();
    const key = keyOf(step);
    const first = this.#next.get(key) ?? path;
    this.#next.set(key, first);
    return first;
  }
}

function keyOf({ kind, node, port }: Step): string {
  if (kind === 'switch') return `switch ${port} ${node.inputs[1]}`;
  return `enter ${Buffer.from(node.attribute('frame_name') ?? []).toString('latin1')}`;
}
