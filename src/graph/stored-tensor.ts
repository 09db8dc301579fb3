/** What a frozen constant refers to until the native core writes its bytes: a tensor of an open checkpoint or a part of one. */

/** A stretch of one dimension. */
export interface Extent {
  readonly start: number;
  readonly length: number;
}

/** Which channel each element of a tensor is in. */
export interface Channels {
  /** How many there are in a block. */
  readonly count: number;
  /** How many neighbouring elements are in one channel before the next one follows; after the last, the first again. */
  readonly run: number;
  /** After so many elements, as many new channels take the place of the others. */
  readonly block: number;
}

/** float32 as whole numbers of 8 bits, each channel of the tensor with a scale of its own. */
export interface Quantization {
  readonly type: 'int8';
  /** What a stored number is multiplied by to get the value, for each channel, block by block. */
  readonly scales: Float32Array;
  readonly channels: Channels;
}

/** What the elements of a floating type are multiplied by while they are written, before anything else becomes of them. */
export interface Scaling {
  /** Finite; one for each channel, block by block. Those of float16, bfloat16 and float32 are rounded to float32. */
  readonly factors: Float64Array;
  readonly channels: Channels;
}

/**
 * What the elements become while they are written. The types that they can come from: float32 for float16, bfloat16 and
 * int8; float64, float16 and bfloat16 for float32; int64 for int32.
 */
export type Conversion = Quantization | { readonly type: 'float16' | 'bfloat16' | 'float32' | 'int32' };

/** DataType number and bytes of an element. */
const convertedTypes: Readonly<Record<Conversion['type'], { readonly dtype: number; readonly size: number }>> = {
  float16: { dtype: 19, size: 2 },
  bfloat16: { dtype: 14, size: 2 },
  int8: { dtype: 6, size: 1 },
  int32: { dtype: 3, size: 4 },
  float32: { dtype: 1, size: 4 },
};

/** The same for two where they are the same part of the same tensor of a checkpoint. */
export function storedPart({ row, region }: Pick<StoredTensor, 'row' | 'region'>): string {
  return `${row} ${region?.map(({ start, length }) => `${start}+${length}`)}`;
}

export class StoredTensor {
  constructor(
    /** The checkpoint's key. */
    readonly key: string,
    /** Row in the bundle's index. */
    readonly row: number,
    /** TensorFlow's DataType number; of a converted tensor, the new one. */
    readonly dtype: number,
    /** Of the part, where it is one. */
    readonly shape: readonly number[],
    /**
     * Bytes as stored; of a converted tensor, as written. Of a part of strings, whose sizes only the core knows, the share
     * of its elements.
     */
    readonly byteLength: number,
    /** Which part of the checkpoint's tensor it is, an extent for each dimension; undefined: all of it. */
    readonly region?: readonly Extent[],
    /** What it was converted from, and how. */
    readonly converted?: { readonly from: StoredTensor; readonly by: Conversion },
    /** What its channels were before they were multiplied, and by what. */
    readonly scaled?: { readonly from: StoredTensor; readonly by: Scaling },
  ) {}

  get elementCount(): number {
    return this.shape.reduce((count, size) => count * size, 1);
  }

  /** @param region within the tensor, which is whole and not scaled. */
  part(region: readonly Extent[]): StoredTensor {
    const shape = region.map(({ length }) => length);
    if (shape.every((length, axis) => length === this.shape[axis])) return this;
    const count = shape.reduce((product, length) => product * length, 1);
    const byteLength = count === 0 ? 0 : Math.round((this.byteLength / this.elementCount) * count);
    return new StoredTensor(this.key, this.row, this.dtype, shape, byteLength, region);
  }

  /** The same values in another type; the core converts them while it copies. This tensor is in its own type still. */
  as(by: Conversion): StoredTensor {
    const { dtype, size } = convertedTypes[by.type];
    const { key, row, shape, region, scaled } = this;
    const byteLength = size * this.elementCount;
    return new StoredTensor(key, row, dtype, shape, byteLength, region, { from: this, by }, scaled);
  }

  /** The same tensor, each channel times its factor. This one is in its own type still, which has places for fractions. */
  times(by: Scaling): StoredTensor {
    const { key, row, dtype, shape, byteLength, region } = this;
    return new StoredTensor(key, row, dtype, shape, byteLength, region, undefined, {
      from: this,
      by,
    });
  }
}
