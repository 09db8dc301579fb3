/** float16 and bfloat16, which JavaScript has no arrays of, as their bits: rounded to the nearest, the even one of two. */

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

export function bfloat16Bits(value: number): number {
  float[0] = value;
  const all = bits[0] as number;
  if (Number.isNaN(value)) return (all >>> 16) | 0x40;
  return ((all + 0x7fff + ((all >>> 16) & 1)) >>> 16) & 0xffff;
}

export function float16Bits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65_520) return sign | 0x7c00;
  // The distance between neighbours: that of the smallest ones where the number is below all normal ones.
  const exponent = size < 2 ** -14 ? -14 : Math.floor(Math.log2(size));
  const steps = evenlyRounded(size / 2 ** (exponent - 10));
  // What is rounded up to the next power of two carries into the exponent by itself.
  return sign | (size < 2 ** -14 ? steps : ((exponent + 14) << 10) + steps);
}

function evenlyRounded(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
