/** What a frozen constant refers to until the native core writes its bytes: a tensor of an open checkpoint or a part of one. */

/** A stretch of one dimension. */
export interface Extent {
  readonly start: number;
  readonly length: number;
}

export class StoredTensor {
  constructor(
    /** The checkpoint's key. */
    readonly key: string,
    /** Row in the bundle's index. */
    readonly row: number,
    /** TensorFlow's DataType number. */
    readonly dtype: number,
    /** Of the part, where it is one. */
    readonly shape: readonly number[],
    /** Bytes as stored. Of a part of strings, whose sizes only the core knows, the share of its elements. */
    readonly byteLength: number,
    /** Which part of the checkpoint's tensor it is, an extent for each dimension; undefined: all of it. */
    readonly region?: readonly Extent[],
  ) {}

  get elementCount(): number {
    return this.shape.reduce((count, size) => count * size, 1);
  }

  /** @param region within the tensor, which is whole. */
  part(region: readonly Extent[]): StoredTensor {
    const shape = region.map(({ length }) => length);
    if (shape.every((length, axis) => length === this.shape[axis])) return this;
    const count = shape.reduce((product, length) => product * length, 1);
    const byteLength = count === 0 ? 0 : Math.round((this.byteLength / this.elementCount) * count);
    return new StoredTensor(this.key, this.row, this.dtype, shape, byteLength, region);
  }
}
