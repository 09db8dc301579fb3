/** Reads a file that holds one message, binary or text, as the bytes of the binary form. */
import { readFile } from 'node:fs/promises';
import { PermafrostError } from '../errors.js';
import { asBuffer } from '../proto/as-buffer.js';
import { textToBinary } from '../proto/text-format.js';
import type { MessageName } from '../proto/types.js';
import { cannotRead, fileInfo } from './read-file.js';
import { type Source, sourceName } from './source.js';

/** Protobuf's own limit: no message is larger. */
const maxMessageSize = 0x7fff_ffff;

/** Node's limit for one string. */
const maxTextSize = 0x1fff_ffe8;

/** @throws PermafrostError FILE_NOT_FOUND, READ_FAILED, GRAPH_MALFORMED */
export async function readMessage(source: Source, type: MessageName, text: boolean): Promise<Uint8Array> {
  const bytes = typeof source === 'string' ? await readFileOf(source, type) : source;
  const name = sourceName(source);
  const limit = text ? maxTextSize : maxMessageSize;
  if (bytes.length > limit) throw tooLarge(name, type, limit);
  return text ? textToBinary(type, asBuffer(bytes).toString('utf8'), name) : bytes;
}

async function readFileOf(path: string, type: MessageName): Promise<Uint8Array> {
  await fileInfo(path);
  return readFile(path).catch((error) => {
    throw error.code === 'ERR_FS_FILE_TOO_LARGE' ? tooLarge(path, type, maxMessageSize) : cannotRead(path, error);
  });
}

function tooLarge(name: string, type: string, limit: number): PermafrostError {
  return new PermafrostError(
    'GRAPH_MALFORMED',
    `${name} is larger than a ${type} of its form can be (${limit} bytes). A binary one without its weights is small: ` +
      'export the graph before it is frozen, with tf.io.write_graph(..., as_text=False).',
  );
}
