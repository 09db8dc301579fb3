/** Whether the links of markdown pages lead anywhere, as GitHub and npm show the pages. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** What is no part of a project's own text. */
const elsewhere = new Set(['node_modules', 'build', 'dist', 'prebuilds', '.git']);

/** All markdown pages below a folder. */
export function pagesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return elsewhere.has(entry.name) ? [] : pagesIn(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

/** The links of pages to other files and to headings, each as `page: target`. */
export function linksOf(pages: readonly string[], folder: string): string[] {
  return pages.flatMap((page) => targetsIn(page).map((target) => `${relative(folder, page)}: ${target}`));
}

/** Those that lead out of the folder, to no file, or to no heading of a page. */
export function brokenLinks(pages: readonly string[], folder: string): string[] {
  return linksOf(pages, folder).filter((link) => {
    const [page = '', target = ''] = link.split(': ');
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? join(folder, page) : join(folder, dirname(page), path);
    if (relative(folder, file).startsWith('..') || !existsSync(file)) return true;
    return anchor !== undefined && !(statSync(file).isFile() && anchorsOf(file).has(anchor));
  });
}

function targetsIn(page: string): string[] {
  const targets = [...proseOf(page).matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = '']) => target);
  return targets.filter((target) => !/^[a-z]+:/i.test(target));
}

/** What headings are called by links: in lower case, with hyphens for spaces and numbers for what comes again. */
function anchorsOf(page: string): Set<string> {
  const seen = new Map<string, number>();
  const headings = [...withoutBlocks(page).matchAll(/^#{1,6} +(.+?) *#*$/gm)].map(([, heading = '']) => {
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1');
    const name = plain
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-');
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return count === 0 ? name : `${name}-${count}`;
  });
  return new Set(headings);
}

function withoutBlocks(page: string): string {
  return readFileSync(page, 'utf8').replaceAll(/^( *)(```+).*?^\1\2 *$/gms, '');
}

/** Without code, where brackets are something else. */
function proseOf(page: string): string {
  return withoutBlocks(page).replaceAll(/(`+)[^`]+\1/g, '');
}
