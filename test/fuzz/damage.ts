/** What happens to files: bytes change, go missing, come twice, or lengths lie. */
import fc from 'fast-check';

interface Damage {
  readonly how: 'change' | 'cut' | 'drop' | 'repeat' | 'insert' | 'grow';
  /** Where, as a part of the whole. */
  readonly at: number;
  readonly length: number;
  readonly byte: number;
}

const places = 1 << 16;

const some: fc.Arbitrary<readonly Damage[]> = fc.array(
  fc.record({
    how: fc.constantFrom<Damage['how'][]>('change', 'change', 'change', 'cut', 'drop', 'repeat', 'insert', 'grow'),
    at: fc.noBias(fc.nat(places - 1)).map((place) => place / places),
    length: fc.integer({ min: 1, max: 40 }),
    byte: fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat(255)),
  }),
  { minLength: 1, maxLength: 3 },
);

/** Every second file is whole: most damage is found before anything is done. */
export const damages: fc.Arbitrary<readonly Damage[]> = fc.oneof(fc.constant([]), some);

export function damaged(bytes: Uint8Array, all: readonly Damage[]): Buffer {
  return all.reduce<Buffer>(damagedOnce, Buffer.from(bytes));
}

function damagedOnce(bytes: Buffer, { how, at, length, byte }: Damage): Buffer {
  const start = Math.floor(at * bytes.length);
  const end = Math.min(start + length, bytes.length);
  const [before, piece, after] = [bytes.subarray(0, start), bytes.subarray(start, end), bytes.subarray(end)];
  if (how === 'cut') return before;
  if (how === 'drop') return Buffer.concat([before, after]);
  if (how === 'repeat') return Buffer.concat([before, piece, piece, after]);
  if (how === 'insert') return Buffer.concat([before, Buffer.alloc(length, byte), piece, after]);
  if (bytes.length === 0) return bytes;
  const changed = Buffer.from(bytes);
  if (how === 'grow') changed[start] = Math.min((changed[start] as number) + length, 255);
  else changed[start] = byte;
  return changed;
}
