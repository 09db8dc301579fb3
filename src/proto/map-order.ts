/** In which order the entries of a map are written. */

/** A text within some bytes. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** As the protobuf runtime of TensorFlow 2.21 sorts text keys: by their bytes, but `Tshape` before `T`. */
export function compareText(a: Uint8Array, b: Uint8Array): number {
  return compareStretches(a, { start: 0, end: a.length }, b, { start: 0, end: b.length });
}

/** Whether the first of two texts within the same bytes goes before the second, in that order. */
export function isBefore(bytes: Uint8Array, a: Stretch, b: Stretch): boolean {
  return compareStretches(bytes, a, bytes, b) < 0;
}

function compareStretches(bytesOfA: Uint8Array, a: Stretch, bytesOfB: Uint8Array, b: Stretch): number {
  const lengthOfA = a.end - a.start;
  const lengthOfB = b.end - b.start;
  const common = Math.min(lengthOfA, lengthOfB);
  for (let at = 0; at < common; at++) {
    const difference = (bytesOfA[a.start + at] as number) - (bytesOfB[b.start + at] as number);
    if (difference !== 0) return difference;
  }
  return lengthOfB - lengthOfA;
}

/** And numeric keys: the largest first. Of shortest varints, the longer is the larger; then the last byte counts most. */
export function compareVarints(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return b.length - a.length;
  for (let at = a.length - 1; at >= 0; at--) if (a[at] !== b[at]) return (b[at] as number) - (a[at] as number);
  return 0;
}
