/** What the bytes of a tensor are cut into for whoever reads it. */
import type { StoredTensor } from '../../graph/stored-tensor.js';
import { bytesOfElement } from './elements.js';
import { StringFields } from './string-fields.js';
import type { TensorBytes } from './tensor-bytes.js';

/**
 * How much is read at once of strings, whose sizes nobody knows beforehand. There are up to half as many, which are cut out in
 * one go: it takes some milliseconds.
 */
const stringsAtOnce = 2 ** 18;

export async function* chunksOf(
  bytes: TensorBytes,
  { dtype, elementCount }: StoredTensor,
  chunkBytes: number,
): AsyncGenerator<Uint8Array> {
  const size = bytesOfElement(dtype);
  const inChunk = Math.max(Math.floor(chunkBytes / size), 1);
  let left = elementCount;
  do {
    const count = Math.min(left, inChunk);
    const chunk = new Uint8Array(count * size);
    await bytes.fill(chunk);
    left -= count;
    if (count > 0) yield chunk;
  } while (left > 0);
}

export async function allStringsOf(bytes: TensorBytes, key: string): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const elements of batchesOf(bytes, key)) for (const element of elements) all.push(element);
  return all;
}

export async function* stringsOf(bytes: TensorBytes, key: string): AsyncGenerator<Uint8Array> {
  for await (const elements of batchesOf(bytes, key)) yield* elements;
}

/** The elements that end in each stretch. */
async function* batchesOf(bytes: TensorBytes, key: string): AsyncGenerator<Iterable<Uint8Array>> {
  const fields = new StringFields(key);
  const room = new Uint8Array(stringsAtOnce);
  for (;;) {
    const count = await bytes.fill(room);
    yield fields.take(room.subarray(0, count));
    if (count < room.length) return;
  }
}
