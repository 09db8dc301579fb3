/**
 * The object graph of a checkpoint: what tf.train.Checkpoint, Keras and SavedModels save beside the values. It says which
 * key holds the value of each object, and what the object's variable was called; a SavedModel's own graph of the same
 * objects may say that too.
 */
import { PermafrostError, reason } from '../errors.js';
import { type MessageName, messageType } from '../proto/types.js';
import type { Checkpoint } from './checkpoint.js';

/** Under this key, a checkpoint has a TrackableObjectGraph as a string. */
export const objectGraphKey = '_CHECKPOINTABLE_OBJECT_GRAPH';

/** What an object calls the value of a variable. */
const valueName = 'VARIABLE_VALUE';

interface Child {
  readonly node_id?: number;
  readonly local_name?: string;
}

interface StoredObject {
  readonly children?: readonly Child[];
  readonly attributes?: readonly {
    readonly name?: string;
    readonly full_name?: string;
    readonly checkpoint_key?: string;
  }[];
}

interface SavedObject {
  readonly children?: readonly Child[];
  readonly variable?: { readonly name?: string };
}

/** By the name of a variable: all keys that hold a variable of that name. Names need not be unique. */
export type KeysByName = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * @param objects the SavedModel's SavedObjectGraph, encoded; empty where there is none.
 * @returns empty where the checkpoint has no object graph.
 * @throws PermafrostError CHECKPOINT_MALFORMED, SHARD_MISSING, CHECKSUM_MISMATCH
 */
export async function readObjectGraph(checkpoint: Checkpoint, objects: Uint8Array): Promise<KeysByName> {
  const text = await checkpoint.text(objectGraphKey);
  if (!text) return new Map();
  const stored = nodesOf<StoredObject>('TrackableObjectGraph', text, checkpoint.prefix);
  const saved = nodesOf<SavedObject>('SavedObjectGraph', objects, checkpoint.prefix);
  const keys = new Map<string, Set<string>>();
  const add = (name: string | undefined, key: string | undefined): void => {
    if (!name || !key) return;
    keys.set(name, (keys.get(name) ?? new Set()).add(key));
  };
  for (const { attributes } of stored) {
    for (const { name, full_name, checkpoint_key } of attributes ?? []) {
      if (name === valueName) add(full_name, checkpoint_key);
    }
  }
  for (const [object, twin] of sameObjects(saved, stored)) {
    add(object.variable?.name, twin.attributes?.find(({ name }) => name === valueName)?.checkpoint_key);
  }
  return keys;
}

/** The objects that both graphs reach from their roots by the same names; numbers of objects need not agree. */
function sameObjects(
  saved: readonly SavedObject[],
  stored: readonly StoredObject[],
): Set<readonly [SavedObject, StoredObject]> {
  const pairs = new Set<readonly [SavedObject, StoredObject]>();
  const seen = new Set<SavedObject>();
  const waiting = [[saved[0], stored[0]] as const];
  for (let pair = waiting.pop(); pair; pair = waiting.pop()) {
    const [object, twin] = pair;
    // Objects refer to each other in circles, and in a damaged file to what is not there.
    if (!object || !twin || seen.has(object)) continue;
    seen.add(object);
    pairs.add([object, twin]);
    const twins = new Map((twin.children ?? []).map((child) => [child.local_name, child.node_id ?? 0]));
    for (const { node_id = 0, local_name } of object.children ?? []) {
      const twinId = twins.get(local_name);
      if (twinId !== undefined) waiting.push([saved[node_id], stored[twinId]]);
    }
  }
  return pairs;
}

function nodesOf<T>(type: MessageName, bytes: Uint8Array, prefix: string): readonly T[] {
  try {
    return (messageType(type).decode(bytes) as { nodes?: readonly T[] }).nodes ?? [];
  } catch (error) {
    throw new PermafrostError(
      'CHECKPOINT_MALFORMED',
      `The ${type} of ${prefix} cannot be decoded: ${reason(error)}. Take another copy of the checkpoint.`,
      { cause: error },
    );
  }
}
