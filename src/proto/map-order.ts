/** In which order the entries of a map are written. */

/** As the protobuf runtime of TensorFlow 2.21 sorts text keys: by their bytes, but `Tshape` before `T`. */
export function compareText(a: Uint8Array, b: Uint8Array): number {
  const common = Math.min(a.length, b.length);
  for (let at = 0; at < common; at++) if (a[at] !== b[at]) return (a[at] as number) - (b[at] as number);
  return b.length - a.length;
}

/** A text within some bytes. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Whether the first of two texts goes before the second. */
export function isBefore(bytes: Uint8Array, a: Stretch, b: Stretch): boolean {
  const common = Math.min(a.end - a.start, b.end - b.start);
  for (let at = 0; at < common; at++) {
    const difference = (bytes[a.start + at] as number) - (bytes[b.start + at] as number);
    if (difference !== 0) return difference < 0;
  }
  return b.end - b.start < a.end - a.start;
}

/** And numeric keys: the largest first. Of shortest varints, the longer is the larger; then the last byte counts most. */
export function compareVarints(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return b.length - a.length;
  for (let at = a.length - 1; at >= 0; at--) if (a[at] !== b[at]) return (b[at] as number) - (a[at] as number);
  return 0;
}
