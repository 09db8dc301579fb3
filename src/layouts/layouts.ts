/** All forms of output, by the names that callers use. All but the usual one are loaded when somebody asks for them. */
import type { Layout } from './frozen-model.js';
import { layOutGraphDef } from './graph-def.js';

export type LayoutName = 'graph-def' | 'mmap' | 'memmapped' | 'saved-model';

const layouts: Readonly<Record<LayoutName, () => Promise<Layout>>> = {
  'graph-def': async () => layOutGraphDef,
  mmap: async () => (await import('./mmap.js')).layOutMmap,
  memmapped: async () => (await import('./memmapped.js')).layOutMemmapped,
  'saved-model': async () => (await import('./saved-model.js')).layOutSavedModel,
};

export const layoutNames = Object.keys(layouts) as readonly LayoutName[];

export function loadLayout(name: LayoutName): Promise<Layout> {
  return layouts[name]();
}
