// What a client is told of a freeze that failed.
import { isPermafrostError } from 'permafrost';

/** All that what was uploaded, or asked for, can be the reason of. */
const faultsOfClients = new Set([
  'INVALID_ARGUMENT',
  'OUTPUT_NOT_FOUND',
  'UNSUPPORTED',
  'WRONG_FILE_KIND',
  'GRAPH_MALFORMED',
  'GRAPH_INVALID',
  'LIMIT_EXCEEDED',
  'NO_VARIABLES',
  'VARIABLE_NOT_IN_CHECKPOINT',
  'VARIABLE_MISMATCH',
  'VARIABLE_NOT_FREEZABLE',
  'CHECKPOINT_NOT_FOUND',
  'CHECKPOINT_MALFORMED',
  'CHECKPOINT_UNSUPPORTED',
  'SHARD_MISSING',
  'CHECKSUM_MISMATCH',
  'OUTPUT_TOO_LARGE',
]);

/** Faults that may be over by the next time. */
const passing = new Map([
  ['ABORTED', 'The freeze took longer than it may.'],
  ['OUT_OF_MEMORY', 'The freeze needs more memory than there is.'],
]);

/**
 * @param folder where the uploaded files are: their names are the client's, the folder's is not.
 * @returns an error whose message may be shown, with HTTP's `statusCode`; the one that was thrown is its cause.
 */
export function answerable(error, folder) {
  const code = isPermafrostError(error) ? error.code : undefined;
  const answer = (statusCode, message) => Object.assign(new Error(message, { cause: error }), { statusCode, code });
  if (faultsOfClients.has(code)) return answer(422, error.message.replaceAll(`${folder}/`, '').replaceAll(folder, '.'));
  if (passing.has(code)) return answer(503, passing.get(code));
  return answer(500, 'The service could not do it.');
}
