// Second part of `npm run build:ts`: src as few JavaScript files in dist, beside the declarations that tsc has put there.
// Node takes longer to start when it has to find some hundred modules. What is loaded on demand (the tables of ops,
// inlining, the text format) stays in files of its own. What comes from packages is listed with its licence.
// The modules are CommonJS, which `src/load.ts` can load with code that is compiled already. What users and Node name are
// doors to them, with the names that package.json has. Whoever imports the package comes through the door of those who
// require it, so that both have the same one.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { root } from './lib/run.mjs';

const dist = join(root, 'dist');

/** By what they are in dist. `worker-file.ts` looks for workers beside itself, and what is shared is right in dist. */
const entries = {
  api: 'src/index.ts',
  'cli/permafrost': 'src/cli/permafrost.ts',
  'cli/freeze-graph': 'src/cli/freeze-graph.ts',
  'freeze-worker': 'src/api/aside/freeze-worker.ts',
  'look-worker': 'src/api/aside/look-worker.ts',
};

/** commander can have commands that are programs of their own. Here are none, and what starts them takes Node 2 ms to load. */
const withoutPrograms = {
  name: 'without-programs',
  resolveId: (id, importer) => (id === 'node:child_process' && importer.includes('/commander/') ? '\0none' : undefined),
  load: (id) => (id === '\0none' ? 'export {};' : undefined),
};

mkdirSync(dist, { recursive: true });
for (const name of readdirSync(dist, { recursive: true })) {
  if (/\.c?js(\.map|\..*\.code)?$/.test(name)) rmSync(join(dist, name));
}

await bundle({ load: 'src/load.ts' });
const output = await bundle(entries, {
  // One file for all that the entries load at once: each file more is a millisecond.
  codeSplitting: { groups: [{ name: 'core', tags: ['$initial'], minShareCount: 2 }] },
});
writeDoors();

async function bundle(input, options = {}) {
  const bundled = await rolldown({
    cwd: root,
    input,
    platform: 'node',
    // The other form of jsonc-parser loads its parts by paths that no bundle has.
    resolve: { mainFields: ['module', 'main'] },
    // A context of node:vm may lack what Node adds to the language: that of Jest for jsdom has no TextDecoder.
    transform: { target: 'node20.19', inject: { TextDecoder: ['node:util', 'TextDecoder'] } },
    plugins: [withoutPrograms],
  });
  const { output } = await bundled.write({
    dir: dist,
    format: 'cjs',
    strict: true,
    sourcemap: true,
    // Where a stack was in the source; the source itself would be half of the package.
    sourcemapExcludeSources: true,
    entryFileNames: '[name].cjs',
    // Right in dist, as native.ts is right in src: it finds the addon by its own place.
    chunkFileNames: '[name].cjs',
    ...options,
  });
  await bundled.close();
  for (const file of output) if (file.type === 'chunk') writeFileSync(join(dist, file.fileName), asAscii(file.code));
  return output;
}

/** Every other character as an escape, which means the same in strings, patterns and comments: `load.ts` reads ASCII. */
function asAscii(code) {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The commands are CommonJS too: Node starts sooner without its loader of ES modules. */
function writeDoors() {
  const write = (file, source) => writeFileSync(join(dist, file), source);
  const load = (name, folder = '.') => `require('${folder}/load.cjs').load('./${name}.cjs', require);\n`;
  const values = output.find(({ fileName }) => fileName === 'api.cjs').exports;
  write('index.cjs', `module.exports = ${load('api')}`);
  write('index.js', `import permafrost from './index.cjs';\n\nexport const { ${values.join(', ')} } = permafrost;\n`);
  write('index.d.cts', declarationsToRequire(readFileSync(join(dist, 'index.d.ts'), 'utf8'), values));
  const requiring = "import { createRequire } from 'node:module';\n\nconst require = createRequire(import.meta.url);\n";
  for (const name of ['freeze-worker', 'look-worker']) write(`${name}.js`, `${requiring}${load(name)}`);
  write('cli/package.json', '{ "type": "commonjs" }\n');
  for (const name of ['permafrost', 'freeze-graph'])
    write(`cli/${name}.js`, `#!/usr/bin/env node\n${load(name, '..')}`);
}

/**
 * For TypeScript of CommonJS, whose own form of the declarations this is. Its types are those of the modules, not copies of
 * them: a checkpoint that one file of a program has opened by `require` is what another one knows by `import`.
 * @param declarations of the modules: nothing but `export { … } from`.
 * @param values the names that are no types; a class, in capitals, is both.
 */
function declarationsToRequire(declarations, values) {
  const names = [...declarations.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, list]) => list.split(','));
  const known = names.map((name) => name.trim().replace(/^type /, '')).filter((name) => name !== '');
  const types = known.filter((name) => !values.includes(name));
  const modules = `from './index.js' with { 'resolution-mode': 'import' };`;
  return [
    `import type * as permafrost ${modules}`,
    '',
    `export type { ${types.join(', ')} } ${modules}`,
    ...values.map((name) => `export declare const ${name}: typeof permafrost.${name};`),
    ...values.filter((name) => /^[A-Z]/.test(name)).map((name) => `export type ${name} = permafrost.${name};`),
    '',
  ].join('\n');
}

const modules = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
writeFileSync(join(dist, 'third-party-licenses.txt'), licensesOf(modules));

/** Name, version and licence of every package that has modules in the bundle. Each must have a licence to show. */
function licensesOf(paths) {
  const packages = paths.flatMap((path) => /^\/.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? []);
  const texts = [...new Set(packages)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((each) => /^(licen[cs]e|copying)(\.|$)/i.test(each));
    if (file === undefined) throw new Error(`${name} ${version} (${dirname(folder)}) has no licence file`);
    return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
  });
  return `What these packages are made of is in the JavaScript files beside this one.\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}
