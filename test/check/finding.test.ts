import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FindingList, Findings, findingCodes } from '../../src/check/finding.js';
import { root } from '../support/run.js';

it('docs/cli.md lists every kind of finding, in order', () => {
  const text = readFileSync(join(root, 'docs', 'cli.md'), 'utf8');
  const table = text.slice(text.indexOf('| finding |'));
  const listed = [...table.matchAll(/^\| `([A-Z_]+)` \|/gm)].map((row) => row[1]);
  expect(listed).toEqual([...findingCodes]);
});

it('findings that nobody could read are left out, and the last one says so', () => {
  const list = new FindingList();
  const findings = new Findings(list, undefined, false);
  const told = (): string[] => list.all.map(({ severity, code }) => `${severity} ${code}`);
  const long = 'n'.repeat(2 ** 23 - 300);
  findings.warning('NODE_NAME', long, '');
  findings.error('NODE_NAME', undefined, long);
  expect(told()).toEqual(['warning NODE_NAME', 'error NODE_NAME']);
  findings.warning('NODE_NAME', 'one', '');
  expect(told().slice(2)).toEqual(['warning FINDINGS_LEFT']);
  findings.error('NODE_NAME', 'one', '');
  findings.warning('NODE_NAME', 'one', '');
  expect(told().slice(2)).toEqual(['error FINDINGS_LEFT']);
});
