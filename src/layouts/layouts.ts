/** All forms of output, by the names that callers use. A layout's file is loaded when somebody asks for it. */
import type { Layout } from './frozen-model.js';

export type LayoutName = 'graph-def' | 'mmap' | 'memmapped' | 'saved-model' | 'tfjs';

const layouts: Readonly<Record<LayoutName, () => Promise<Layout>>> = {
  'graph-def': async () => (await import('./graph-def.js')).layOutGraphDef,
  mmap: async () => (await import('./mmap.js')).layOutMmap,
  memmapped: async () => (await import('./memmapped.js')).layOutMemmapped,
  'saved-model': async () => (await import('./saved-model.js')).layOutSavedModel,
  tfjs: async () => (await import('./tfjs.js')).layOutTfjs,
};

export const layoutNames = Object.keys(layouts) as readonly LayoutName[];

export function loadLayout(name: LayoutName): Promise<Layout> {
  return layouts[name]();
}
