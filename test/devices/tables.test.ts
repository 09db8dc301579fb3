import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type OpSignature, opSignature } from '../../src/graph/op-signature.js';

interface Row {
  readonly op: string;
  readonly attributes: readonly string[];
  readonly hosts: readonly string[];
}

function rowsOf(table: string): Row[] {
  const url = new URL(`../../native/core/devices/tables/${table}`, import.meta.url);
  const lines = readFileSync(url, 'utf8').split('\n');
  return lines
    .filter((line) => /^\w/.test(line) && !/^\w+ = /.test(line))
    .map((line) => {
      const [op = '', ...words] = line.split(/ +/);
      const fields = new Map(words.map((word) => word.split('=') as [string, string]));
      const hosts = fields.get('host')?.split(',') ?? [];
      fields.delete('host');
      return { op, attributes: [...fields.keys()], hosts };
    });
}

/** What a row says of an op that TensorFlow's definition of the op does not have. */
function strangers({ attributes, hosts }: Row, signature: OpSignature): string[] {
  const types = signature.attributes.filter(({ kind }) => kind === 'type' || kind === 'list(type)');
  const args = [...signature.inputs, ...signature.outputs];
  return [
    ...attributes.filter((attribute) => !types.some(({ name }) => name === attribute)),
    ...hosts.filter((host) => !args.some(({ name }) => name === host)),
  ];
}

describe.each(['cpu.txt', 'gpu.txt', 'npu.txt'])('the table of kernels %s', (table) => {
  it('names type attributes and arguments that the ops have', () => {
    // The others are ops that the registry lacks: those of NPUs, and a few of TensorFlow with CUDA.
    const rows = rowsOf(table).flatMap((row) => {
      const signature = opSignature(row.op);
      return signature ? [{ row, signature }] : [];
    });
    expect(rows.length).toBeGreaterThan(500);
    const faults = rows.flatMap(({ row, signature }) => strangers(row, signature).map((name) => `${row.op} ${name}`));
    expect(faults).toEqual([]);
  });
});

describe('the list of heavy ops', () => {
  it('is in order and has ops of the tables alone', () => {
    const heavy = rowsOf('heavy.txt').map(({ op }) => op);
    const known = new Set(['cpu.txt', 'gpu.txt', 'npu.txt'].flatMap(rowsOf).map(({ op }) => op));
    expect(heavy).toEqual([...heavy].sort());
    expect(heavy.filter((op) => !known.has(op))).toEqual([]);
  });
});
