/** A plan: the ordered segments, literal bytes and tensors, that make up one output file, with their exact sizes. */
import type { EncodedTensor } from './tensor-columns.js';

export interface TensorSegment extends EncodedTensor {
  /** Bytes in the output. */
  readonly size: number;
}

export type Segment = Uint8Array | TensorSegment;

export interface Plan {
  readonly segments: readonly Segment[];
  /** Bytes of the whole file. */
  readonly size: number;
}

/** Literals are copied into blocks of this size, so that neighbouring ones become one. */
const blockSize = 1 << 20;

/** From this size on, a copy costs more than a segment of its own. */
const copyLimit = 65_536;

/** Collects segments; neighbouring literals become one. */
export class PlanBuilder {
  readonly #segments: Segment[] = [];
  #block = Buffer.allocUnsafe(blockSize);
  /** The literal that is being gathered: bytes `start` to `end` of the block. */
  #start = 0;
  #end = 0;
  #size = 0;

  literal(bytes: Uint8Array): void {
    this.#size += bytes.length;
    if (bytes.length >= copyLimit) {
      this.#flush();
      this.#segments.push(bytes);
      return;
    }
    if (this.#end + bytes.length > blockSize) {
      this.#flush();
      this.#block = Buffer.allocUnsafe(blockSize);
      this.#start = 0;
      this.#end = 0;
    }
    this.#block.set(bytes, this.#end);
    this.#end += bytes.length;
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
    if (this.#start < this.#end) this.#segments.push(this.#block.subarray(this.#start, this.#end));
    this.#start = this.#end;
  }
}
