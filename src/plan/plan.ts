/** A plan: the ordered segments, literal bytes, tensors and files, that make up the output, with their exact sizes. */
import { isUint8Array } from 'node:util/types';
import { ByteWriter } from '../proto/byte-writer.js';
import type { EncodedTensor } from './tensor-columns.js';

export interface TensorSegment extends EncodedTensor {
  /** Bytes in the output. */
  readonly size: number;
}

/** A file that is copied whole. */
export interface FileSegment {
  /** Absolute. */
  readonly path: string;
  /** What it has now; the write fails where it is another. */
  readonly size: number;
}

export type Segment = Uint8Array | TensorSegment | FileSegment;

export function isTensor(segment: Segment): segment is TensorSegment {
  return !isUint8Array(segment) && 'tensor' in segment;
}

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
export const copyLimit = 65_536;

const headWriter = new ByteWriter();

/** Collects segments and ends files; neighbouring literals become one. */
export class PlanBuilder {
  readonly #segments: Segment[] = [];
  #block = new Uint8Array(blockSize);
  /** The literal that is being gathered: bytes `start` to `end` of the block. */
  #start = 0;
  #end = 0;
  #size = 0;
  /** What is to be copied next: bytes `copyStart` to `copyEnd` of it. */
  #source: Uint8Array | undefined;
  #copyStart = 0;
  #copyEnd = 0;
  readonly #files: PlannedFile[] = [];
  #ended = 0;

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  literal(bytes: Uint8Array): void {
    this.#endCopy();
    this.#size += bytes.length;
    this.#put(bytes);
  }

  /** Tag and length of a length-delimited field. */
  head(field: number, length: number): void {
    this.written(headWriter.start().head(field, length));
  }

  /** What a writer has written, which may be gone afterwards. */
  written(writer: ByteWriter): void {
    if (writer.size >= copyLimit) {
      this.literal(writer.finish());
      return;
    }
    this.#endCopy();
    this.#size += writer.size;
    this.#makeRoom(writer.size);
    writer.copyTo(this.#block, this.#end);
    this.#end += writer.size;
  }

  /**
   * Bytes of a file that was read, which must not change afterwards. Stretches that follow each other there become one,
   * so that most of a graph of which little was edited is not copied at all.
   */
  copy(source: Uint8Array, start: number, end: number): void {
    if (source !== this.#source || start !== this.#copyEnd) {
      this.#endCopy();
      this.#source = source;
      this.#copyStart = start;
    }
    this.#copyEnd = end;
    this.#size += end - start;
  }

  tensor(segment: TensorSegment): void {
    this.#flush();
    this.#segments.push(segment);
    this.#size += segment.size;
  }

  file(segment: FileSegment): void {
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

  #endCopy(): void {
    const source = this.#source;
    this.#source = undefined;
    if (source) this.#put(source.subarray(this.#copyStart, this.#copyEnd));
  }

  #put(bytes: Uint8Array): void {
    if (bytes.length >= copyLimit) {
      this.#flush();
      this.#segments.push(bytes);
      return;
    }
    this.#makeRoom(bytes.length);
    this.#block.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /** For so many bytes in the block. */
  #makeRoom(more: number): void {
    if (this.#end + more <= blockSize) return;
    this.#flush();
    this.#block = new Uint8Array(blockSize);
    this.#start = 0;
    this.#end = 0;
  }

  #flush(): void {
    this.#endCopy();
    if (this.#start < this.#end) this.#segments.push(this.#block.subarray(this.#start, this.#end));
    this.#start = this.#end;
  }
}
