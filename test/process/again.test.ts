// A process that looks at one stranger's file after the other keeps nothing of them.
import { expect, it } from 'vitest';
import { startNode } from '../support/run.js';

it('the ops of graphs that were checked are forgotten, however many they are', async () => {
  const source = `
    import { checkGraph } from 'permafrost';
    const heaps = [];
    process.on('worker', () => { throw new Error('a worker forgets everything'); });
    for (let round = 0; round < 160; round++) {
      const nodes = Array.from({ length: 500 }, (_, at) => \`node { name: "n\${at}" op: "Op\${round}x\${at}" }\\n\`);
      const { findings } = await checkGraph({ file: Buffer.from(nodes.join('')) });
      if (findings.length !== nodes.length) throw new Error(\`\${findings.length} findings\`);
      gc();
      heaps.push(process.memoryUsage().heapUsed);
    }
    console.log(heaps[159] - heaps[39]);
  `;
  const { code, stdout, stderr } = await startNode('--expose-gc', '--input-type=module', '--eval', source).ended;
  expect([code, stderr]).toEqual([0, '']);
  // Remembered, they took 16 MB.
  expect(Number(stdout)).toBeLessThan(2_000_000);
});
