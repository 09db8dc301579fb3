// What files may ask for, and who says so. That files which ask for more do no harm is in test/hostile.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkGraph, type Limits, relocate, suggest } from '../src/index.js';
import { defaultLimits, mostOfLimits } from '../src/limits.js';
import { failure } from './support/failure.js';
import { freeze } from './support/freeze.js';
import { call, libraryOf } from './support/functions.js';
import {
  float,
  floatNode,
  graphDef,
  handleVariable,
  readVariable,
  resource,
  textAttr,
  typeAttr,
} from './support/graph-def.js';
import { smallModel, smallNodes } from './support/model.js';
import { root, runCommand } from './support/run.js';
import { metaGraph, savedModel, savedModelBytes } from './support/saved-model.js';

/** Why the small model, or another graph with its checkpoint, is not frozen under these limits; undefined: it is. */
async function refused(limits: Partial<Limits>, content?: Uint8Array, more: object = {}): Promise<string | undefined> {
  const { graph, checkpoint, out } = smallModel();
  if (content) writeFileSync(graph, content);
  const freezing = freeze({ graph, checkpoint, outputs: 'y', out, limits, ...more });
  const error = await freezing.then(
    () => undefined,
    (reason) => failure(() => Promise.reject(reason)),
  );
  if (error) expect(error.code).toBe('LIMIT_EXCEEDED');
  return error?.message;
}

/** `y` is w, doubled by each of the functions in turn, the first of which calls the second. */
const nested = graphDef([...smallNodes.slice(0, 3), call('y', ['w/read'], 'f', [float])], {
  library: libraryOf(
    Object.fromEntries(
      ['f', 'g', 'h'].map((name, index, all) => [
        name,
        {
          inputs: { a: float },
          outputs: { r: float },
          nodes: [index < 2 ? call('c', ['a'], all[index + 1] as string, [float]) : floatNode('AddV2', 'c', 'a', 'a')],
          returns: { r: index < 2 ? 'c:output:0' : 'c:z:0' },
        },
      ]),
    ),
  ),
});

describe('a limit', () => {
  it('is by default what the documentation says', () => {
    const page = readFileSync(join(root, 'docs', 'reliability.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `(\w+)` \| (\d+(?:,\d{3})*)( MiB)?(?:, and (\d+) at most)?[^|]*\|/gm)];
    const number = (text: string): number => Number(text.replaceAll(',', ''));
    const said = rows.map(([, name, least = '', unit]) => [name, number(least) * (unit ? 2 ** 20 : 1)]);
    // What functions come to has no fixed one, nor have tests by rules and what is written again: these are only a part of it.
    const expected = { ...defaultLimits, expandedBytes: 8 * 2 ** 20, ruleTests: 20_000_000, repeatedBytes: 2 ** 31 };
    expect(Object.fromEntries(said)).toEqual(expected);
    const raised = rows.flatMap(([, name, , , most]) => (most === undefined ? [] : [[name, number(most)]]));
    expect(Object.fromEntries(raised)).toEqual(mostOfLimits);
  });
  it('of nodes counts those of the graph', async () => {
    expect(await refused({ nodes: 3 })).toMatch(
      /graph\.pb has more than 3 nodes\. .* raise the limit 'nodes' \(--limits nodes=NUMBER, or `limits: \{ nodes: … \}`\)\.$/,
    );
    expect(await refused({ nodes: 4 })).toBe(undefined);
  });
  it('of functions counts those of the library', async () => {
    expect(await refused({ functions: 2 }, nested)).toMatch(/more than 2 functions/);
    expect(await refused({ functions: 3 }, nested)).toBe(undefined);
  });
  it('of depth counts functions that call each other', async () => {
    expect(await refused({ callDepth: 2 }, nested)).toMatch(/more than 2 deep .*'h'/);
    expect(await refused({ callDepth: 3 }, nested)).toBe(undefined);
    expect(await refused({ callDepth: 3 }, nested, { inline: true })).toBe(undefined);
  });
  it('of what functions come to counts bytes, before any is made', async () => {
    expect(await refused({ expandedBytes: 600 }, nested, { inline: true })).toMatch(
      /come to \d+ bytes when they are inl/,
    );
    expect(await refused({ expandedBytes: 6_000 }, nested, { inline: true })).toBe(undefined);
    expect(await refused({ expandedBytes: 600 }, nested)).toBe(undefined);
  });
  it('of names counts bytes', async () => {
    // Shorter ones are not looked at one by one.
    const named = (length: number): Uint8Array => graphDef([...smallNodes, { name: 'é'.repeat(length), op: 'NoOp' }]);
    expect(await refused({ nameBytes: 6_001 }, named(3_001))).toMatch(/a name of 6002 bytes, and no more than 6001/);
    expect(await refused({ nameBytes: 6_002 }, named(3_001))).toBe(undefined);
  });
  it('of MetaGraphDefs and of assets is that of a SavedModel', async () => {
    const asset = { tensor_info: { name: 'x:0' }, filename: 'a' };
    const two = savedModel(savedModelBytes(metaGraph({ asset_file_def: [asset, asset] }), metaGraph({}, ['train'])));
    const of = (limits: Partial<Limits>) => failure(() => checkGraph({ file: two, limits }));
    expect((await of({ metaGraphs: 1 })).message).toMatch(/more than 1 MetaGraphDefs/);
    expect((await of({ assets: 1 })).message).toMatch(/more than 1 assets/);
    expect((await checkGraph({ file: two, allowVariables: true, limits: { metaGraphs: 2, assets: 2 } })).errors).toBe(
      0,
    );
  });
  it('of what is written again counts the tensor of each variable but the first', async () => {
    const same = { ...handleVariable('same', float, 2), attr: { ...handleVariable('w', float, 2).attr } };
    const two = graphDef([
      ...[...smallNodes.slice(0, 3), same, readVariable('same/read', 'same')],
      { name: 'y', op: 'AddN', input: ['w/read', 'same/read'], attr: { N: { i: 2 }, T: typeAttr(float) } },
    ]);
    expect(await refused({ repeatedBytes: 7 }, two)).toMatch(/such as 'w', come to 8 bytes beyond those of the first/);
    expect(await refused({ repeatedBytes: 8 }, two)).toBe(undefined);
  });
  it('of regular expressions counts all characters of the rules', async () => {
    const placeRules = ['a+', 'b+'].map((regex) => ({ regex, device: 'cpu:0' }));
    const placed = { place: 'cpu', placeRules };
    expect(await refused({ regexLength: 3 }, undefined, placed)).toMatch(/have 4 characters, .*, and 3 are taken/);
    expect(await refused({ regexLength: 4 }, undefined, placed)).toBe(undefined);
    const counted = { place: 'cpu', placeRules: [{ regex: 'a{2}(bc{3,}){1,4}', device: 'cpu:0' }] };
    expect(await refused({ regexLength: 31 }, undefined, counted)).toMatch(/have 32 characters/);
    const ofScript = { place: 'cpu', placeRules: [{ regex: '\\p{Greek}\\PL', device: 'cpu:0' }] };
    expect(await refused({ regexLength: 31 }, undefined, ofScript)).toMatch(/have 32 characters/);
  });
  it('of tests by rules counts each node that a rule is asked of, and more where a regular expression is', async () => {
    // Of x, w, w/read and y, the first rule is asked of two, by how they begin, and the other of all, with one more for each character.
    const rules = [{ name: 'w*a*' }, { regex: 'z' }].map((rule) => ({ ...rule, device: 'cpu:0' }));
    const placed = { place: 'cpu', placeRules: rules };
    const tests = 2 + (1 + 20) * 4 + 'xwyw/read'.length;
    expect(await refused({ ruleTests: tests - 1 }, undefined, placed)).toMatch(/takes more than 94 tests/);
    expect(await refused({ ruleTests: tests }, undefined, placed)).toBe(undefined);
  });
  it('of what functions come to counts their variants too', async () => {
    // Each call hands over another variable, so that each has a function of its own.
    const calls = ['a', 'b'].map((name) => call(`of_${name}`, [name], 'f', [resource]));
    const nodes = [handleVariable('a', float, 2), handleVariable('b', float, 2), ...calls];
    const read = { ...readVariable('r', 'h'), attr: { dtype: typeAttr(float), note: textAttr('x'.repeat(2_000)) } };
    const f = { inputs: { h: resource }, outputs: { r: float }, nodes: [read], returns: { r: 'r:value:0' } };
    const content = graphDef([...nodes, floatNode('AddV2', 'y', 'of_a', 'of_b')], { library: libraryOf({ f }) });
    const { checkpoint } = smallModel(
      [],
      ['a', 'b'].map((key) => ({ key, dtype: float, shape: [2], bytes: new Uint8Array(8) })),
    );
    expect(await refused({ expandedBytes: 1_000 }, content, { checkpoint })).toMatch(
      /come to more than 1000 bytes as variants for the values that they are handed/,
    );
    expect(await refused({ expandedBytes: 10_000 }, content, { checkpoint })).toBe(undefined);
  });
  it('of computed bytes leaves to a session what comes to more', async () => {
    const value = { tensor: { dtype: float, tensor_shape: { dim: [{ size: 2 }] }, float_val: [7] } };
    const constant = { name: 'c', op: 'Const', attr: { dtype: { type: float }, value } };
    const sum = floatNode('AddV2', 'sum', 'c', 'c');
    const frozen = (initial: string, computedBytes: number) => {
      const init = { ...floatNode('Assign', 'init', 'w', 'x'), input: ['w', initial] };
      const model = smallModel();
      writeFileSync(model.graph, graphDef([...smallNodes, constant, sum, init]));
      const { graph, checkpoint, out } = model;
      return freeze({ graph, checkpoint, outputs: 'y', out, initializers: 'init', limits: { computedBytes } });
    };
    expect((await failure(() => frozen('c', 7))).code).toBe('UNSUPPORTED');
    expect((await frozen('c', 8)).variables).toHaveLength(1);
    // Each of the two has eight, and what counts is both together.
    expect((await failure(() => frozen('sum', 15))).code).toBe('UNSUPPORTED');
    expect((await frozen('sum', 16)).variables).toHaveLength(1);
  });
  it('holds for one freeze, and not for another at the same time', async () => {
    const all = await Promise.all([refused({ nodes: 3 }), refused({}), refused({ nodes: 2 }), refused({ nodes: 4 })]);
    expect(all.map((message) => message?.match(/more than \d/)?.[0])).toEqual([
      'more than 3',
      undefined,
      'more than 2',
      undefined,
    ]);
  });
  it('holds for what is checked, looked at and relocated', async () => {
    const { graph } = smallModel();
    const limits = { nodes: 1 };
    const jobs = [
      () => checkGraph({ file: graph, limits }),
      () => suggest({ graph, limits }),
      () => relocate({ graph, limits }),
    ];
    for (const job of jobs) expect((await failure(job)).code).toBe('LIMIT_EXCEEDED');
    // Which maps no files.
    expect((await failure(() => relocate({ graph, limits: { nodes: 4 } }))).code).toBe('WRONG_FILE_KIND');
  });
  it('is a whole number of a name that there is', async () => {
    const { graph } = smallModel();
    const of = (limits: object) => failure(() => checkGraph({ file: graph, limits }));
    expect((await of({ node: 5 })).message).toBe("There is no option 'node'. Did you mean 'nodes'?");
    expect((await of({ nodes: 0 })).message).toMatch(/^Expected a whole number from 1 .* for nodes but received 0\.$/);
    expect((await of({ nodes: '5' })).code).toBe('INVALID_ARGUMENT');
    expect((await of({ callDepth: 401 })).message).toMatch(/^Expected a whole number from 1 to 400 for callDepth /);
  });
  it('is a flag of the commands', async () => {
    const { graph, checkpoint } = smallModel();
    const args = ['freeze', '--graph', graph, '--checkpoint', checkpoint, '--outputs', 'y', '--dry-run', '-q'];
    const { code, stderr } = await runCommand('permafrost', ...args, '--limits', 'nodes=3,callDepth=2');
    expect([code, stderr]).toEqual([3, expect.stringMatching(/^LIMIT_EXCEEDED: .* has more than 3 nodes/)]);
    expect((await runCommand('permafrost', ...args, '--limits', 'nodes=many')).stderr).toMatch(
      /^INVALID_ARGUMENT: Expec/,
    );
    expect((await runCommand('permafrost', ...args, '--limits', 'nodes=4')).code).toBe(0);
    const moved = await runCommand('permafrost', 'relocate', graph, '--limits', 'nodes=3');
    expect([moved.code, moved.stderr]).toEqual([3, expect.stringMatching(/^LIMIT_EXCEEDED: /)]);
  });
});
