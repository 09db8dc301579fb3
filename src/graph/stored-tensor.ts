/** A whole tensor of an open checkpoint: what a frozen constant refers to until the native core writes its bytes. */
export class StoredTensor {
  constructor(
    /** The checkpoint's key. */
    readonly key: string,
    /** Row in the bundle's index. */
    readonly row: number,
    /** TensorFlow's DataType number. */
    readonly dtype: number,
    readonly shape: readonly number[],
    /** Bytes as stored. */
    readonly byteLength: number,
    /** In how many slices it is stored; 0: in one piece. */
    readonly slices: number,
  ) {}

  get elementCount(): number {
    return this.shape.reduce((count, size) => count * size, 1);
  }
}
