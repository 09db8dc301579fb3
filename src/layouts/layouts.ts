/** From a layout's name to what makes it. All but the usual one are loaded when somebody asks for them. */
import type { Layout } from './frozen-model.js';
import { layOutGraphDef } from './graph-def.js';
import type { LayoutName } from './layout-name.js';

const layouts: Readonly<Record<LayoutName, () => Promise<Layout>>> = {
  'graph-def': async () => layOutGraphDef,
  mmap: async () => (await import('./mmap.js')).layOutMmap,
  memmapped: async () => (await import('./memmapped.js')).layOutMemmapped,
  'saved-model': async () => (await import('./saved-model.js')).layOutSavedModel,
  tfjs: async () => (await import('./tfjs.js')).layOutTfjs,
};

export function loadLayout(name: LayoutName): Promise<Layout> {
  return layouts[name]();
}
