// The package as it is published, in contexts of node:vm, and in more than one of them.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contexts } from '../support/load-in-context.mjs';
import { copyPackage } from '../support/package-copy.js';
import { root, runModule, startNode } from '../support/run.js';

const demo = join(root, 'examples', 'demo');
const checkpoint = join(demo, 'model.ckpt-200');
const options = { graph: join(demo, 'graph.pb'), checkpoint, outputs: 'inference/probabilities' };

/** Source of a module that has the package in the main context, `outer`, and what the tests need. */
const opening = `
  import { readFileSync } from 'node:fs';
  import { setTimeout } from 'node:timers/promises';
  import { runInContext } from 'node:vm';
  import * as outer from 'permafrost';
  import { contexts, loadInContext } from './test/support/load-in-context.mjs';
  const options = ${JSON.stringify({ ...options, inMemory: true })};
`;

describe.each(Object.keys(contexts))('a context of node:vm, %s,', (kind) => {
  const inside = `
    ${opening}
    const { context, permafrost } = loadInContext(contexts[${JSON.stringify(kind)}]);
    /** Whether a value is of a class of the context. */
    const isOf = (value, name) => runInContext('(value) => value instanceof ' + name, context)(value);
  `;

  it('may load the package, which freezes to the same bytes there and finds no fault with them', async () => {
    const { code, signal, stdout, stderr } = await runModule(`
      ${inside}
      const expected = readFileSync(${JSON.stringify(join(demo, 'frozen-by-tensorflow.pb'))});
      const same = [];
      for (const inline of [false, true]) {
        const { content } = await permafrost.freeze({ ...options, inline });
        same.push(expected.equals(content));
      }
      const { findings } = await permafrost.checkGraph({ file: expected });
      const { outputs } = await permafrost.suggest({ graph: options.graph });
      const json = await permafrost.freeze({ ...options, inMemory: false, dryRun: true, layout: 'tfjs', out: 'none' });
      console.log(JSON.stringify({ same, findings, outputs: outputs.length > 0, json: json.bytes > 0 }));
    `);
    expect([code, signal, stderr]).toEqual([0, null, '']);
    expect(JSON.parse(stdout)).toEqual({ same: [true, true], findings: [], outputs: true, json: true });
  });

  it('has arrays and errors of its own, and all know the errors of all', async () => {
    const { code, signal, stdout, stderr } = await runModule(`
      ${inside}
      const checkpoint = await permafrost.openCheckpoint(options.checkpoint);
      const [{ name }] = [...checkpoint].filter(({ dtype }) => dtype === 'float32');
      const values = await checkpoint.read(name);
      const chunks = [];
      for await (const chunk of checkpoint.stream(name)) chunks.push(chunk);
      const { damaged } = await checkpoint.verify();
      await checkpoint.close();
      const errors = [];
      for (const each of [permafrost, outer]) {
        for (const graph of ['/no/graph.pb', 7]) errors.push(await each.freeze({ ...options, graph }).catch((error) => error));
      }
      console.log(JSON.stringify({
        arrays: [isOf(values, 'Float32Array'), isOf(chunks[0], 'Uint8Array'), values instanceof Float32Array],
        bytes: Buffer.concat(chunks).equals(Buffer.from(values.buffer, values.byteOffset, values.byteLength)),
        damaged,
        own: errors.map((error) => isOf(error, 'Error')),
        known: errors.flatMap((error) => [permafrost, outer].map((each) => each.isPermafrostError(error))),
      }));
    `);
    expect([code, signal, stderr]).toEqual([0, null, '']);
    expect(JSON.parse(stdout)).toEqual({
      arrays: [true, true, false],
      bytes: true,
      damaged: [],
      own: [true, true, false, false],
      known: Array(8).fill(true),
    });
  });
});

it('a context may hand over options, and work with what is read outside', async () => {
  const { code, signal, stdout, stderr } = await runModule(`
    import { createContext, runInContext } from 'node:vm';
    import { openCheckpoint } from 'permafrost';
    const context = createContext({ openCheckpoint });
    const count = await runInContext(\`(async () => {
      const checkpoint = await openCheckpoint(${JSON.stringify(checkpoint)}, {});
      const { name } = checkpoint.list().find(({ dtype }) => dtype === 'float32');
      const values = await checkpoint.read(name, { start: 1, count: 2 });
      await checkpoint.close();
      return new Float64Array(values).length;
    })()\`, context);
    console.log(count);
  `);
  expect([code, signal, stdout, stderr]).toEqual([0, null, '2\n', '']);
});

describe('many contexts and copies in one process', () => {
  it('share a single listener for its end', async () => {
    const copies = [copyPackage(), copyPackage()];
    const { code, signal, stdout, stderr } = await runModule(`
      ${opening}
      const before = process.listenerCount('exit');
      const loaded = [outer];
      for (const copy of ${JSON.stringify(copies)}) loaded.push(await import(copy));
      for (let i = 0; i < 8; i++) loaded.push(loadInContext().permafrost);
      for (const each of loaded) each.liveHandles();
      console.log(process.listenerCount('exit') - before);
    `);
    // Node would warn of the eleventh.
    expect([code, signal, stdout, stderr]).toEqual([0, null, '1\n', '']);
  });

  it('are garbage when nobody uses them any more', async () => {
    const source = `
      ${opening}
      const made = [];
      for (let i = 0; i < 4; i++) {
        let loaded = loadInContext();
        await loaded.permafrost.freeze({ ...options, limits: { nodes: 1_000 } });
        await loaded.permafrost.openCheckpoint(options.checkpoint).then((checkpoint) => checkpoint.close());
        made.push(new WeakRef(loaded.context));
        loaded = undefined;
      }
      const alive = () => made.filter((each) => each.deref() !== undefined).length;
      for (let rounds = 0; alive() > 0 && rounds < 50; rounds++) {
        await setTimeout(10);
        gc();
      }
      console.log(alive());
    `;
    const { code, signal, stdout, stderr } = await startNode('--expose-gc', '--input-type=module', '--eval', source)
      .ended;
    expect([code, signal, stdout, stderr]).toEqual([0, null, '0\n', '']);
  });
});
