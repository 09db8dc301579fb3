/** Floats from 1 to 2 with bits that do not repeat (xorshift32). */
export function randomFloats(count, seed) {
  const words = new Uint32Array(count);
  let state = Math.imul(seed, 0x9e3779b9);
  for (let index = 0; index < count; index++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[index] = 0x3f800000 | (state >>> 9);
  }
  return new Uint8Array(words.buffer);
}
