/** A plan: the ordered segments, literal bytes and tensors, that make up one output file, with their exact sizes. */
import type { StoredTensor } from '../graph/stored-tensor.js';
import type { PayloadEncoding } from '../native.js';

export interface TensorSegment {
  readonly tensor: StoredTensor;
  readonly encoding: PayloadEncoding;
  /** Bytes in the output. */
  readonly size: number;
}

export type Segment = Uint8Array | TensorSegment;

export interface Plan {
  readonly segments: readonly Segment[];
  /** Bytes of the whole file. */
  readonly size: number;
}

/** Below this many bytes, neighbouring literals are copied into one; above, a copy costs more than a segment. */
const copyLimit = 65_536;

/** Collects segments; neighbouring literals become one. */
export class PlanBuilder {
  readonly #segments: Segment[] = [];
  #pending: Uint8Array[] = [];
  #size = 0;

  literal(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#size += bytes.length;
    const last = this.#pending.at(-1);
    const joined = last && adjoined(last, bytes);
    if (joined) this.#pending[this.#pending.length - 1] = joined;
    else this.#pending.push(bytes);
  }

  tensor(segment: TensorSegment): void {
    this.#flush();
    this.#segments.push(segment);
    this.#size += segment.size;
  }

  finish(): Plan {
    this.#flush();
    return { segments: this.#segments, size: this.#size };
  }

  #flush(): void {
    let small: Uint8Array[] = [];
    const push = (): void => {
      if (small.length > 0) this.#segments.push(small.length === 1 ? (small[0] as Uint8Array) : Buffer.concat(small));
      small = [];
    };
    for (const bytes of this.#pending) {
      if (bytes.length < copyLimit) small.push(bytes);
      else {
        push();
        this.#segments.push(bytes);
      }
    }
    push();
    this.#pending = [];
  }
}

/** Two neighbouring views of one buffer as one view: nodes that stay as they were need no copy. */
function adjoined(first: Uint8Array, second: Uint8Array): Uint8Array | undefined {
  if (first.buffer !== second.buffer || first.byteOffset + first.length !== second.byteOffset) return undefined;
  return new Uint8Array(first.buffer, first.byteOffset, first.length + second.length);
}
