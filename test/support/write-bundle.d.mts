export interface TensorToWrite {
  readonly key: string | Uint8Array;
  /** TensorFlow's DataType number. */
  readonly dtype: number;
  readonly shape: readonly number[];
  /** As stored. */
  readonly bytes: Uint8Array;
  /** How many bytes of zeros follow; they become a hole in the file. */
  readonly zeros?: number;
  /** Masked; made of the bytes when absent. */
  readonly crc32c?: number;
}

export interface TableRecord {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

export interface EntryToWrite {
  readonly dtype: number;
  readonly shape: readonly (number | bigint)[];
  readonly shard?: number | bigint;
  readonly offset?: number | bigint;
  readonly size: number | bigint;
  readonly crc32c: number;
}

export function writeBundle(prefix: string, tensors: Iterable<TensorToWrite>, options?: { shards?: number }): void;
export function bundleEntry(entry: EntryToWrite): Buffer;
export function table(records: readonly TableRecord[]): Buffer;
export function varint(value: number | bigint): Buffer;
export function field(id: number, wireType: number): Buffer;
export function message(id: number, payload: Uint8Array): Buffer;
export function maskedCrc32c(bytes: Uint8Array, zeros?: number): number;
