// Graphs with one defect each, which TensorFlow refuses, and graphs that it takes. Their first lines say what is to be
// found; the comparison with TensorFlow (`scripts/tensorflow/checked.mjs`) holds the same files against TensorFlow itself.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkGraph } from '../../src/index.js';

function graphsIn(folder: string): { name: string; file: string; finding: string | undefined }[] {
  const path = join(import.meta.dirname, folder);
  return readdirSync(path).map((name) => {
    const file = join(path, name);
    return { name, file, finding: /^# finding: (\w+)$/m.exec(readFileSync(file, 'utf8'))?.[1] };
  });
}

describe('of graphs that TensorFlow refuses', () => {
  const broken = graphsIn('broken');
  it('there are many', () => expect(broken.length).toBeGreaterThanOrEqual(40));
  it.each(broken)('$name has errors of its one kind', async ({ file, finding }) => {
    const { findings, errors } = await checkGraph({ file, allowVariables: true });
    expect(new Set(findings.map(({ severity, code }) => `${severity} ${code}`))).toEqual(new Set([`error ${finding}`]));
    expect(errors).toBe(findings.length);
  });
});

describe('of graphs that TensorFlow takes', () => {
  const accepted = graphsIn('accepted');
  it('there are some', () => expect(accepted.length).toBeGreaterThan(10));
  it.each(accepted)('$name has no errors', async ({ file, finding }) => {
    const { findings } = await checkGraph({ file, allowVariables: true });
    expect(findings.map(({ severity, code }) => `${severity} ${code}`)).toEqual(finding ? [`warning ${finding}`] : []);
  });
});
