/** Bytes as a test writes them down. */

/** From hexadecimal digits; blanks are for the reader. */
export function hex(digits: string): Buffer {
  const clean = digits.replace(/\s+/g, '');
  if (!/^([0-9a-f]{2})*$/.test(clean)) throw new Error(`not whole bytes in hexadecimal: ${digits}`);
  return Buffer.from(clean, 'hex');
}

export function float32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeFloatLE(value, 4 * index);
  return bytes;
}

export function int32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeInt32LE(value, 4 * index);
  return bytes;
}
