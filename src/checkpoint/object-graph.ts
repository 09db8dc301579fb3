/**
 * The object graph of a checkpoint: what tf.train.Checkpoint, Keras and SavedModels save beside the values. It says which
 * key holds the value of each object, and what the object's variable was called; a SavedModel's own graph of the same
 * objects may say that too.
 */
import { PermafrostError, reason } from '../errors.js';
import type { Checkpoint } from './checkpoint.js';
import { ObjectNodes } from './object-nodes.js';

/** Under this key, a checkpoint has a TrackableObjectGraph as a string. */
const objectGraphKey = '_CHECKPOINTABLE_OBJECT_GRAPH';

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
  return decoding(checkpoint.prefix, () =>
    keysByName(
      new ObjectNodes<StoredObject>(text, 'TrackableObjectGraph.TrackableObject'),
      new ObjectNodes<SavedObject>(objects, 'SavedObject'),
    ),
  );
}

function keysByName(stored: ObjectNodes<StoredObject>, saved: ObjectNodes<SavedObject>): KeysByName {
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
  for (const [name, key] of variablesOfTwins(saved, stored)) add(name, key);
  return keys;
}

/** What the pairing of objects asks of a stored one, however many are paired with it. */
interface Twin {
  readonly children: ReadonlyMap<string | undefined, number>;
  readonly key: string | undefined;
}

/**
 * The names of variables, and the keys of the stored objects that their graph reaches from its root by the same names as
 * the saved graph does; numbers of objects need not agree.
 */
function* variablesOfTwins(
  saved: ObjectNodes<SavedObject>,
  stored: ObjectNodes<StoredObject>,
): Generator<readonly [name: string | undefined, key: string | undefined]> {
  const twins = new Map<number, Twin | undefined>();
  const twinAt = (id: number): Twin | undefined => {
    if (!twins.has(id)) twins.set(id, twinOf(stored.at(id)));
    return twins.get(id);
  };
  const seen = new Set<number>();
  const waiting: (readonly [id: number, twinId: number])[] = [[0, 0]];
  for (let pair = waiting.pop(); pair; pair = waiting.pop()) {
    const [id, twinId] = pair;
    // Objects refer to each other in circles, and in a damaged file to what is not there.
    const twin = seen.has(id) ? undefined : twinAt(twinId);
    const object = twin && saved.at(id);
    if (!object) continue;
    seen.add(id);
    yield [object.variable?.name, twin.key];
    for (const { node_id = 0, local_name } of object.children ?? []) {
      const childId = twin.children.get(local_name);
      if (childId !== undefined && !seen.has(node_id)) waiting.push([node_id, childId]);
    }
  }
}

function twinOf(object: StoredObject | undefined): Twin | undefined {
  return (
    object && {
      children: new Map((object.children ?? []).map(({ local_name, node_id = 0 }) => [local_name, node_id])),
      key: object.attributes?.find(({ name }) => name === valueName)?.checkpoint_key,
    }
  );
}

function decoding<T>(prefix: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    throw new PermafrostError(
      'CHECKPOINT_MALFORMED',
      `The object graph of ${prefix} cannot be decoded: ${reason(error)}. Take another copy of the checkpoint.`,
      { cause: error },
    );
  }
}
