// The checksum of zeros without reading them, for checkpoints that are holes.

/** The register of CRC-32C after one more byte of zeros. */
function stepOver(register) {
  let crc = register;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc >>> 0;
}

/**
 * The register of CRC-32C after `count` more bytes of zeros. A step is linear over bits, so it is known from what it makes
 * of each bit, and steps are doubled: 1, 2, 4… bytes at once.
 * @param {number} register
 * @param {number} count
 */
export function appendZeros(register, count) {
  let result = register;
  let step = Array.from({ length: 32 }, (_, bit) => stepOver((1 << bit) >>> 0));
  for (let rest = count; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = applied(step, result);
    const once = step;
    step = once.map((column) => applied(once, column));
  }
  return result;
}

/** What a step, given by its columns, makes of a register. */
function applied(columns, register) {
  let result = 0;
  for (let bit = 0; bit < 32; bit++) if ((register >>> bit) & 1) result ^= columns[bit];
  return result >>> 0;
}
