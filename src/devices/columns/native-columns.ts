/** What crosses to the core when a graph is placed. */
import { deviceTargets } from '../../native.js';
import type { PlacementColumns } from '../../native-placement.js';
import type { DeviceList } from '../device-list.js';
import type { Body } from './bodies.js';
import type { GraphColumns } from './graph-columns.js';
import type { KindTensor, OpKind } from './op-kinds.js';

/** @param asked by node: the number of a device; -1: none. */
export function nativeColumns(columns: GraphColumns, devices: DeviceList, asked: Int32Array): PlacementColumns {
  const { bodies, kinds, kindsOfNodes, edges, bonds } = columns;
  const used = new Set(devices.list.map(({ target }) => target));
  const refuses = deviceTargets().some((target) => target.refuses && used.has(target.name));
  return {
    ...kindColumns(kinds),
    targets: devices.list.map(({ target }) => target),
    indexes: Uint32Array.from(devices.list, ({ index }) => index),
    next: Int32Array.from(devices.list, ({ next }) => next),
    preferred: devices.preferred,
    kinds: kindsOfNodes,
    asked,
    ...nameColumns(refuses ? bodies : []),
    ...edges,
    bondFirsts: bonds.firsts,
    bondSeconds: bonds.seconds,
  };
}

type KindColumns = Pick<
  PlacementColumns,
  | ('kindNames' | 'typeNames' | 'typeEnds' | 'dtypes' | 'dtypeEnds')
  | ('inputNames' | 'inputDtypes' | 'inputEnds' | 'outputNames' | 'outputDtypes' | 'outputEnds')
>;

function kindColumns(kinds: readonly OpKind[]): KindColumns {
  const types = kinds.flatMap((kind) => kind.types);
  const inputs = tensorColumns(kinds.map((kind) => kind.inputs));
  const outputs = tensorColumns(kinds.map((kind) => kind.outputs));
  return {
    kindNames: kinds.map(({ op }) => op),
    typeNames: types.map(({ attribute }) => attribute),
    typeEnds: endsOf(kinds.map((kind) => kind.types)),
    dtypes: Int32Array.from(types.flatMap(({ dtypes }) => dtypes)),
    dtypeEnds: endsOf(types.map(({ dtypes }) => dtypes)),
    inputNames: inputs.names,
    inputDtypes: inputs.dtypes,
    inputEnds: inputs.ends,
    outputNames: outputs.names,
    outputDtypes: outputs.dtypes,
    outputEnds: outputs.ends,
  };
}

function tensorColumns(tensors: readonly (readonly KindTensor[])[]): {
  readonly names: readonly string[];
  readonly dtypes: Int32Array;
  readonly ends: Uint32Array;
} {
  const all = tensors.flat();
  return {
    names: all.map(({ argument }) => argument),
    dtypes: Int32Array.from(all, ({ dtype }) => dtype),
    ends: endsOf(tensors),
  };
}

/** Where each of several things ends when they stand back to back. */
function endsOf(things: readonly { readonly length: number }[]): Uint32Array {
  let end = 0;
  return Uint32Array.from(things, ({ length }) => {
    end += length;
    return end;
  });
}

/** The names of all nodes, back to back. */
function nameColumns(bodies: readonly Body[]): Pick<PlacementColumns, 'names' | 'nameEnds'> {
  const names = bodies.flatMap(({ nodes }) => nodes.map(({ name }) => Buffer.from(name)));
  return { names: Buffer.concat(names), nameEnds: endsOf(names) };
}
