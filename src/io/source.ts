/** Where a message is read from: the path of a file, or bytes that the caller has. */
export type Source = string | Uint8Array;

/** What messages and reports call it. */
export function sourceName(source: Source): string {
  return typeof source === 'string' ? source : '<bytes>';
}
