// The published package in a context of node:vm, loaded there as test runners do. For child processes.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { compileFunction, createContext } from 'node:vm';

const published = createRequire(import.meta.url).resolve('permafrost');

/** What Node adds to the language, which a new context lacks. Without setImmediate, which Jest leaves out for jsdom. */
const { AbortController, Buffer, clearInterval, clearTimeout, console, performance, process } = globalThis;
const { setInterval, setTimeout, structuredClone, TextDecoder, TextEncoder, URL } = globalThis;
const ofNode = {
  ...{ AbortController, Buffer, clearInterval, clearTimeout, console, performance, process },
  ...{ setInterval, setTimeout, structuredClone, TextDecoder, TextEncoder, URL },
};

/** What else contexts of test runners have, or lack: Jest takes two from the main one, and leaves out others for jsdom. */
export const contexts = {
  plain: {},
  'like those of Jest': { ArrayBuffer, Uint8Array },
  'like those of Jest for jsdom': { structuredClone: undefined, TextDecoder: undefined, TextEncoder: undefined },
};

/** @returns the context, and what the package exports there. */
export function loadInContext(globals = {}) {
  const context = createContext({ ...ofNode, ...globals });
  const modules = new Map();
  const load = (file) => {
    const known = modules.get(file);
    if (known) return known.exports;
    const module = { exports: {} };
    modules.set(file, module);
    const node = createRequire(file);
    const require = (id) => (id.startsWith('.') ? load(resolve(dirname(file), id)) : node(id));
    const parameters = ['require', 'module', 'exports', '__filename', '__dirname'];
    const body = compileFunction(readFileSync(file, 'utf8'), parameters, { filename: file, parsingContext: context });
    body(require, module, module.exports, file, dirname(file));
    return module.exports;
  };
  return { context, permafrost: load(published) };
}
