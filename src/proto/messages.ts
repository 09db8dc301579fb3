/** Typed views of the few messages that are decoded whole. They need no protobufjs, and so are fit for the public types. */

/** int64 values that fit: sizes of dimensions, counts. protobufjs gives them as Long. */
export interface Int64 {
  toNumber(): number;
}

export interface TensorShapeProto {
  readonly dim?: readonly { readonly size?: Int64 }[];
  readonly unknown_rank?: boolean;
}

export interface TensorProto {
  readonly dtype?: number;
  readonly tensor_shape?: TensorShapeProto;
  readonly tensor_content?: Uint8Array;
  readonly string_val?: readonly Uint8Array[];
  readonly float_val?: readonly number[];
  readonly double_val?: readonly number[];
  readonly int_val?: readonly number[];
  readonly half_val?: readonly number[];
  readonly uint32_val?: readonly number[];
  readonly bool_val?: readonly boolean[];
  readonly int64_val?: readonly Int64[];
  readonly uint64_val?: readonly Int64[];
  /** Also of four bits. */
  readonly float8_val?: Uint8Array;
  /** Real and imaginary parts in turn. */
  readonly scomplex_val?: readonly number[];
  readonly dcomplex_val?: readonly number[];
}

/** A function, and the attributes that it is called with. */
export interface NameAttrList {
  readonly name?: string;
  readonly attr?: Readonly<Record<string, AttrValue>>;
}

/** One of the members is set; `list` may be there and empty. */
export interface AttrValue {
  readonly s?: Uint8Array;
  readonly i?: Int64;
  readonly f?: number;
  readonly b?: boolean;
  readonly type?: number;
  readonly shape?: TensorShapeProto;
  readonly tensor?: TensorProto;
  readonly func?: NameAttrList;
  /** In a function's body: the name under which the call gives the value. */
  readonly placeholder?: string;
  readonly list?: {
    readonly s?: readonly Uint8Array[];
    readonly i?: readonly Int64[];
    readonly type?: readonly number[];
    readonly shape?: readonly TensorShapeProto[];
    readonly func?: readonly NameAttrList[];
  };
}

export interface SaverDef {
  readonly filename_tensor_name?: string;
  readonly save_tensor_name?: string;
  readonly restore_op_name?: string;
}

/** One tensor of a signature, or the several that make up a sparse or a composite one. */
export interface TensorInfo {
  readonly name?: string;
  readonly coo_sparse?: {
    readonly values_tensor_name?: string;
    readonly indices_tensor_name?: string;
    readonly dense_shape_tensor_name?: string;
  };
  readonly composite_tensor?: { readonly components?: readonly TensorInfo[] };
  readonly dtype?: number;
  readonly tensor_shape?: TensorShapeProto;
}

export interface SignatureDef {
  readonly inputs?: Readonly<Record<string, TensorInfo>>;
  readonly outputs?: Readonly<Record<string, TensorInfo>>;
  readonly method_name?: string;
}

export interface AssetFileDef {
  readonly tensor_info?: TensorInfo;
  /** Within the SavedModel's folder `assets`. */
  readonly filename?: string;
}

export interface CollectionDef {
  readonly bytes_list?: { readonly value?: readonly Uint8Array[] };
  readonly node_list?: { readonly value?: readonly string[] };
  readonly any_list?: { readonly value?: readonly { readonly type_url?: string; readonly value?: Uint8Array }[] };
}

export interface VariableDef {
  /** That of the tensor: `name:0`. */
  readonly variable_name?: string;
  readonly save_slice_info_def?: {
    readonly full_name?: string;
    readonly full_shape?: readonly Int64[];
    readonly var_offset?: readonly Int64[];
    readonly var_shape?: readonly Int64[];
  };
}
