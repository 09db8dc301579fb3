/** What the user says about which key holds which variable: a JSON object, from names of variables to keys. */
import { invalidArgument, reason } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import { variableIdentity, variablesOf } from '../graph/variables.js';
import { readText } from '../io/read-file.js';
import { listNames, nearest } from '../nearest.js';
import { shown } from '../printable.js';
import type { Checkpoint } from './checkpoint.js';

/** Keys of the checkpoint by the names of variables. */
export type VariableMap = ReadonlyMap<string, string>;

/**
 * @param given the path of a JSON file, or what would be in it.
 * @throws PermafrostError INVALID_ARGUMENT, FILE_NOT_FOUND, READ_FAILED
 */
export async function readVariableMap(given: string | object | undefined): Promise<VariableMap> {
  if (typeof given !== 'string') return textMap(given ?? {}, 'variableMap');
  const text = await readText(given);
  return textMap(parsed(text, given), given);
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidArgument(`The variable map ${path} is no JSON: ${reason(error)}. ${form}`, { cause: error });
  }
}

const form =
  'It must be an object from names of variables to keys of the checkpoint: {"dense/kernel": "layer/kernel"}.';

function textMap(value: unknown, source: string): VariableMap {
  if (typeof value !== 'object' || value === null || Object.prototype.toString.call(value) !== '[object Object]') {
    throw invalidArgument(`The variable map ${source} is no object. ${form}`);
  }
  return new Map(
    Object.entries(value).map(([name, key]) => {
      if (typeof key === 'string') return [name, key];
      throw invalidArgument(`The variable map ${source} has no text for '${name}' but ${shown(key)}. ${form}`);
    }),
  );
}

/** @throws PermafrostError INVALID_ARGUMENT where the graph has no such variable or the checkpoint no such key. */
export function checkVariableMap(map: VariableMap, graph: Graph, checkpoint: Checkpoint): void {
  if (map.size === 0) return;
  const names = new Set(variablesOf(graph).flatMap((node) => [node.name, variableIdentity(node)]));
  for (const [name, key] of map) {
    if (!names.has(name)) {
      throw invalidArgument(
        `The variable map names '${name}', and there is no such variable in the graph. ${hint(name, names)}`,
      );
    }
    if (!checkpoint.has(key)) {
      throw invalidArgument(
        `The variable map says that '${name}' is stored as '${key}', and there is no such key in the checkpoint ` +
          `${checkpoint.prefix}. ${hint(key, checkpoint.keys())}`,
      );
    }
  }
}

function hint(wanted: string, names: Iterable<string>): string {
  const near = nearest(wanted, names);
  return near.length > 0 ? `The nearest are ${listNames(near)}.` : 'None is like it.';
}
