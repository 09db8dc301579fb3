// What the heads of a model's tensors become in other types. All its floats are from 1 to 2: no case is special there.

/** From the bits of a float32, rounded to the nearest, and to the even one of two. */
const conversions = {
  float16: (bits) => roundedShift(bits, 13) - ((127 - 15) << 10),
  bfloat16: (bits) => roundedShift(bits, 16),
};

/**
 * @param {readonly import('./expected-graph.mjs').Head[]} heads
 * @param {keyof typeof conversions} type
 * @returns {import('./expected-graph.mjs').Head[]}
 */
export function convertedHeads(heads, type) {
  return heads.map(({ offset, hex }) => {
    const floats = Buffer.from(hex, 'hex');
    const converted = Buffer.alloc(floats.length / 2);
    for (let at = 0; at < floats.length; at += 4)
      converted.writeUInt16LE(conversions[type](floats.readUInt32LE(at)), at / 2);
    return { offset: offset / 2, hex: converted.toString('hex') };
  });
}

function roundedShift(bits, shift) {
  const isOdd = (bits >>> shift) & 1;
  return (bits + (1 << (shift - 1)) - 1 + isOdd) >>> shift;
}
