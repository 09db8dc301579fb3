/** A plan: the ordered segments, literal bytes and tensors, that make up the output, with their exact sizes. */
import type { EncodedTensor } from './tensor-columns.js';

export interface TensorSegment extends EncodedTensor {
  /** Bytes in the output. */
  readonly size: number;
}

export type Segment = Uint8Array | TensorSegment;

/** Segments one after the other. */
export interface Segments {
  readonly segments: readonly Segment[];
  /** Bytes of all of them. */
  readonly size: number;
}

export interface PlannedFile {
  /** In the folder that the target is, with forward slashes; empty: the target itself is this one file. */
  readonly path: string;
  readonly size: number;
}

/** What a layout makes of a model: one stream of bytes, cut into files. A tensor may go on in the next file. */
export interface Plan extends Segments {
  readonly files: readonly PlannedFile[];
}

/** Literals are copied into blocks of this size, so that neighbouring ones become one. */
const blockSize = 1 << 20;

/** From this size on, a copy costs more than a segment of its own. */
const copyLimit = 65_536;

/** Collects segments and ends files; neighbouring literals become one. */
export class PlanBuilder {
  readonly #segments: Segment[] = [];
  #block = Buffer.allocUnsafe(blockSize);
  /** The literal that is being gathered: bytes `start` to `end` of the block. */
  #start = 0;
  #end = 0;
  #size = 0;
  readonly #files: PlannedFile[] = [];
  #ended = 0;

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

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

  append({ segments, size }: Segments): void {
    this.#flush();
    for (const segment of segments) this.#segments.push(segment);
    this.#size += size;
  }

  /** What came since the end of the last file is this one. */
  endFile(path: string): void {
    this.#files.push({ path, size: this.#size - this.#ended });
    this.#ended = this.#size;
  }

  /** Every byte is in a file by now, where files are wanted. */
  finish(): Plan {
    this.#flush();
    return { segments: this.#segments, size: this.#size, files: this.#files };
  }

  #flush(): void {
    if (this.#start < this.#end) this.#segments.push(this.#block.subarray(this.#start, this.#end));
    this.#start = this.#end;
  }
}
