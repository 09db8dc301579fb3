// Every link of the project's pages to a file or to a heading leads there.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from './support/folder.js';
import { brokenLinks, linksOf, pagesIn } from './support/markdown-links.js';
import { root } from './support/run.js';

it('the links of all pages lead to files and headings that are there', () => {
  const pages = pagesIn(root);
  expect(linksOf(pages, root).length).toBeGreaterThan(40);
  expect(brokenLinks(pages, root)).toEqual([]);
});

it('links that lead nowhere are found, and none in code', () => {
  const folder = temporaryFolder();
  const page = `# A \`page\` of 2.1, and_more
## Twice
## Twice
[a](other/b.md) [b](other/b.md#here) [c](#a-page-of-21-and_more) [d](#twice-1) [e](https://elsewhere/x.md) \`[f](g)\`
[none](none.md) [no heading](other/b.md#there) [out](../x) [code](#in-code) [image ![i](none.svg)](other)
\`\`\`
# In code
[h](i)
\`\`\`
`;
  mkdirSync(join(folder, 'other'));
  writeFileSync(join(folder, 'a.md'), page);
  writeFileSync(join(folder, 'other', 'b.md'), '### Here\n');
  expect(brokenLinks(pagesIn(folder), folder)).toEqual([
    'a.md: none.md',
    'a.md: other/b.md#there',
    'a.md: ../x',
    'a.md: #in-code',
    'a.md: none.svg',
  ]);
});
