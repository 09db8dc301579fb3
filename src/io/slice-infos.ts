/** Which part of which partitioned variable each variable is, as the collections of a MetaGraphDef say it. */
import { inputNode } from '../graph/edges.js';
import type { Extent } from '../graph/stored-tensor.js';
import { type CollectionDef, messageType, type VariableDef } from '../proto/types.js';

export interface SliceInfo {
  /** The name of the whole, under which it is saved. */
  readonly key: string;
  readonly fullShape: readonly number[];
  readonly region: readonly Extent[];
}

/** The collections that hold VariableDefs; a variable is in one of them or in both. */
export const variableCollections: readonly string[] = ['variables', 'trainable_variables'];

/**
 * @returns by the variable's node name; only variables that are parts.
 * @throws RangeError where a variable's bytes are no VariableDef.
 */
export function sliceInfos(collections: ReadonlyMap<string, CollectionDef>): Map<string, SliceInfo> {
  const infos = new Map<string, SliceInfo>();
  for (const name of variableCollections) {
    for (const bytes of collections.get(name)?.bytes_list?.value ?? []) {
      const variable = messageType('VariableDef').decode(bytes) as VariableDef;
      const info = sliceInfo(variable);
      if (info) infos.set(inputNode(variable.variable_name ?? ''), info);
    }
  }
  return infos;
}

function sliceInfo({ save_slice_info_def: info }: VariableDef): SliceInfo | undefined {
  if (!info?.full_name) return undefined;
  const numbers = (values: VariableSizes): number[] => (values ?? []).map((value) => value.toNumber());
  const offsets = numbers(info.var_offset);
  return {
    key: info.full_name,
    fullShape: numbers(info.full_shape),
    region: numbers(info.var_shape).map((length, axis) => ({ start: offsets[axis] ?? 0, length })),
  };
}

type VariableSizes = NonNullable<VariableDef['save_slice_info_def']>['full_shape'];
