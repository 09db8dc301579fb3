import { isPermafrostError, PermafrostError, reason } from '../errors.js';

/**
 * Runs a decoder of bytes from a file. Whatever it throws says that the bytes are wrong.
 * @param what names the bytes, as in "node 'a' (Const)".
 * @throws PermafrostError GRAPH_MALFORMED
 */
export function decoding<T>(what: () => string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    throw undecodable(what(), error);
  }
}

/** What to throw in the place of what a decoder threw. */
export function undecodable(what: string, error: unknown): PermafrostError {
  if (isPermafrostError(error)) return error;
  return new PermafrostError(
    'GRAPH_MALFORMED',
    `${what} cannot be decoded: ${reason(error)}. The file may be cut off or damaged; export or copy it again.`,
    { cause: error },
  );
}
