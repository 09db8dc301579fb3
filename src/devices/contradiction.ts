/** Says of two rules that they cannot both be had. */
import { PermafrostError } from '../errors.js';
import type { PlacementContradiction } from '../native-placement.js';
import { nodeByNumber } from './columns/bodies.js';
import type { GraphColumns } from './columns/graph-columns.js';
import type { DeviceList } from './device-list.js';

/** Nodes in between are named up to so many. */
const named = 4;

export function contradictionOf(
  { first, second, path }: PlacementContradiction,
  { bodies }: GraphColumns,
  devices: DeviceList,
  asked: Int32Array,
): PermafrostError {
  const nameOf = (number: number): string => {
    const { node, body } = nodeByNumber(bodies, number);
    const within = body.function === undefined ? '' : ` of the function '${body.function}'`;
    return `'${node.name}'${within}`;
  };
  const deviceOf = (number: number): string => devices.nameOf(asked[number] as number);
  return new PermafrostError(
    'PLACEMENT_CONTRADICTION',
    `The rules put ${nameOf(first)} on ${deviceOf(first)} and ${nameOf(second)} on ${deviceOf(second)}, but a colocation, ` +
      `a reference, a handle or a loop binds the two${through(Array.from(path.subarray(1, -1), nameOf))}. ` +
      'Give both the same device.',
  );
}

function through(names: readonly string[]): string {
  if (names.length === 0) return '';
  const more = names.length > named ? ` and ${names.length - named} more` : '';
  return ` (through ${names.slice(0, named).join(', ')}${more})`;
}
