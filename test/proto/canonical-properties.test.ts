// What must hold for any bytes at all. The bytes come from a generator with a fixed seed, so a failure repeats.
import { describe, expect, it } from 'vitest';
import { canonical } from '../../src/proto/canonical.js';
import { type MessageName, messageType } from '../../src/proto/types.js';

class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }
}

/** The numbers and wire types of AttrValue, NodeDef and VersionDef, and a few that are unknown. */
const tags = [
  0x08, 0x0a, 0x10, 0x12, 0x18, 0x1a, 0x22, 0x25, 0x28, 0x2a, 0x30, 0x32, 0x3a, 0x42, 0x4a, 0x52, 0x7d, 0x78,
];

function randomMessage(random: Random, depth: number): Buffer {
  const parts: Buffer[] = [];
  for (let count = random.below(5); count > 0; count--) {
    const tag = tags[random.below(tags.length)] as number;
    parts.push(Buffer.from([tag]));
    if ((tag & 7) === 0) parts.push(Buffer.from([random.below(128)]));
    else if ((tag & 7) === 5) parts.push(Buffer.from([0, 1, random.below(256), 127]));
    else {
      const payload = depth === 0 ? Buffer.from('ab'.slice(random.below(3))) : randomMessage(random, depth - 1);
      parts.push(Buffer.from([(payload.length & 0x7f) | 0x80, payload.length >> 7]), payload);
    }
  }
  return Buffer.concat(parts);
}

/** What `job` gives, or undefined where it throws. */
function attempt<T>(job: () => T): T | undefined {
  try {
    return job();
  } catch {
    return undefined;
  }
}

function meaning(type: MessageName, bytes: Uint8Array): string {
  const message = messageType(type).decode(bytes);
  return sorted(JSON.stringify(messageType(type).toObject(message, { bytes: String, longs: String })));
}

describe('for 20,000 messages', () => {
  for (const type of ['NodeDef', 'AttrValue', 'FunctionDefLibrary', 'VersionDef'] as const) {
    it(`of ${type}: the canonical form is its own canonical form, and means the same`, () => {
      const random = new Random(7);
      let messages = 0;
      for (let round = 0; round < 5000; round++) {
        const bytes = randomMessage(random, 3);
        const text = bytes.toString('hex');
        const meant = attempt(() => meaning(type, bytes));
        const once = attempt(() => canonical(type, bytes));
        if (meant === undefined || once === undefined) continue;
        messages++;
        expect(Buffer.from(canonical(type, once)).equals(once), text).toBe(true);
        expect(meaning(type, once), text).toBe(meant);
      }
      expect(messages).toBeGreaterThan(500);
    });
  }
});

/** JSON with the keys of objects in order: maps have none. */
function sorted(json: string): string {
  return JSON.stringify(JSON.parse(json), (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
