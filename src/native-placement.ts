/** What goes to the native core, and comes back, where nodes are placed on devices (`native.ts`). */

/** A kind of device that nodes may be placed on: one that is built in, or of a plugin. */
export interface DeviceTarget {
  /** What `--place` calls it. */
  readonly name: string;
  /** The type in its device strings, as `GPU`. */
  readonly deviceType: string;
  /** Its devices' memory is the host's. */
  readonly isHost: boolean;
  /** It looks at single nodes too, not only at ops and types. */
  readonly refuses: boolean;
  /** The absolute path of the library that it came with; undefined for one that is built in. */
  readonly plugin: string | undefined;
}

/** How a target wants a constant. */
export interface ConstantWish {
  /** TensorFlow's DataType number: that of the constant, unless the target wants another. */
  readonly dtype: number;
  /** Bytes, a power of two below 2^20. */
  readonly alignment: number;
}

/**
 * A graph as the core places it. Ragged columns as in `CheckpointColumns`. Nobody may write to them until the placement
 * is there.
 */
export interface PlacementColumns {
  /** Ops with the types that they have: targets are asked about each once. */
  readonly kindNames: readonly string[];
  /** By kind, its type attributes; by type attribute, its DataType numbers. */
  readonly typeNames: readonly string[];
  readonly typeEnds: Uint32Array;
  readonly dtypes: Int32Array;
  readonly dtypeEnds: Uint32Array;
  /** By kind, its inputs of data: names in the OpDef, empty where nobody described the op, and DataType numbers, 0 where unknown. */
  readonly inputNames: readonly string[];
  readonly inputDtypes: Int32Array;
  readonly inputEnds: Uint32Array;
  readonly outputNames: readonly string[];
  readonly outputDtypes: Int32Array;
  readonly outputEnds: Uint32Array;
  /** By device: its target, and its number among the target's. */
  readonly targets: readonly string[];
  readonly indexes: Uint32Array;
  /** The device where a node goes that cannot be on this one; -1: none. Must not lead back. */
  readonly next: Int32Array;
  /** The device of nodes that nobody asks anything of; -1: they are left open. */
  readonly preferred: number;
  /** By node: its kind, and the device that is asked for; -1: none. */
  readonly kinds: Int32Array;
  readonly asked: Int32Array;
  /** By node, UTF-8. Both empty will do unless one of the targets `refuses`. */
  readonly names: Uint8Array;
  readonly nameEnds: Uint32Array;
  /** By edge of data: output `outputs[i]` of node `producers[i]` is input `inputs[i]` of node `consumers[i]`. */
  readonly producers: Int32Array;
  readonly outputs: Int32Array;
  readonly consumers: Int32Array;
  readonly inputs: Int32Array;
  /** Of the tensor, at least; 0 where nobody knows. */
  readonly bytes: Float64Array;
  /** Pairs of nodes that must be on one device. */
  readonly bondFirsts: Int32Array;
  readonly bondSeconds: Int32Array;
}

/** How a node came to be where it is; the numbers are the core's (`devices/placement/placement.h`). */
export const PlacementCause = {
  asAsked: 0,
  noKernel: 1,
  veto: 2,
  bond: 3,
  joined: 4,
  nowhere: 5,
} as const;
export type PlacementCause = (typeof PlacementCause)[keyof typeof PlacementCause];

/** Bit of a crossing: the tensor moves from one memory to another. */
export const crossingMovesMemory = 2;

/** Two nodes that must be on one device and were asked to be on two. */
export interface PlacementContradiction {
  readonly first: number;
  readonly second: number;
  /** Nodes from the first to the second, each bound to the next. */
  readonly path: Int32Array;
}

export interface NativePlacement {
  readonly contradiction?: undefined;
  /** By node; -1: left open. */
  readonly devices: Int32Array;
  /** By node, a `PlacementCause`. */
  readonly causes: Uint8Array;
  /** By node, a place in `reasons`; -1: none. */
  readonly reasonsOfNodes: Int32Array;
  readonly reasons: readonly string[];
  /** By node, where the cause is a bond: the node whose doing it is; else -1. */
  readonly culprits: Int32Array;
  /** By edge, bits: 1 its ends are on two devices, 2 as `crossingMovesMemory` says. */
  readonly crossings: Uint8Array;
  /** The search for what to join ended before it was through, after a number of steps: other ways may save more. */
  readonly isCutShort: boolean;
}

export type PlacementResult = NativePlacement | { readonly contradiction: PlacementContradiction };
