import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findingCodes } from '../../src/check/finding.js';
import { root } from '../support/run.js';

it('docs/cli.md lists every kind of finding, in order', () => {
  const text = readFileSync(join(root, 'docs', 'cli.md'), 'utf8');
  const table = text.slice(text.indexOf('| finding |'));
  const listed = [...table.matchAll(/^\| `([A-Z_]+)` \|/gm)].map((row) => row[1]);
  expect(listed).toEqual([...findingCodes]);
});
