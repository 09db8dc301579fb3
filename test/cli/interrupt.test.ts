import { describe, expect, it } from 'vitest';
import { layoutNames } from '../../src/layouts/layout-name.js';
import { namesIn } from '../support/folder.js';
import { largeModel, type SmallModel } from '../support/model.js';
import { type Ended, startNode, until } from '../support/run.js';

/** Nearly 2 GiB: the most that one file may have. */
const size = 2000 << 20;

function argumentsOf(command: string, { graph, checkpoint, out }: SmallModel, more: readonly string[] = []): string[] {
  return command === 'permafrost'
    ? ['freeze', '--graph', graph, '--checkpoint', checkpoint, '--outputs', 'y', '--out', out, ...more]
    : [`--input_graph=${graph}`, `--input_checkpoint=${checkpoint}`, '--output_node_names=y', `--output_graph=${out}`];
}

describe('a signal during the write leaves nothing', () => {
  for (const [command, signal, exitCode] of [
    ['permafrost', 'SIGINT', 130],
    ['permafrost', 'SIGTERM', 143],
    ['freeze-graph', 'SIGINT', 130],
  ] as const) {
    it(`${command}: ${signal} ends with exit code ${exitCode}`, async () => {
      const model = largeModel(size);
      const { child, ended } = startNode(`dist/cli/${command}.js`, ...argumentsOf(command, model));
      await until(() => namesIn(model.outFolder).length > 0);
      expect(namesIn(model.outFolder)[0]).toMatch(/^\.permafrost-[0-9a-f]{8}\.tmp$/);
      child.kill(signal);
      const { code, stdout, stderr } = await ended;
      expect([code, stdout]).toEqual([exitCode, '']);
      expect(stderr).toMatch(/^ABORTED: /);
      expect(namesIn(model.outFolder)).toEqual([]);
    });
  }
});

describe.each(layoutNames)('in the middle of writing the layout %s', (layout) => {
  const interrupted = async (signal: NodeJS.Signals): Promise<[SmallModel, Ended]> => {
    const model = largeModel(size);
    const args = argumentsOf('permafrost', model, ['--layout', layout]);
    const { child, ended } = startNode('dist/cli/permafrost.js', ...args);
    await until(() => namesIn(model.outFolder).length > 0);
    child.kill(signal);
    return [model, await ended];
  };
  it('SIGTERM leaves nothing', async () => {
    const [model, { code }] = await interrupted('SIGTERM');
    expect([code, namesIn(model.outFolder)]).toEqual([143, []]);
  });
  it('SIGKILL leaves nothing under the name of the target', async () => {
    const [model, { code, signal }] = await interrupted('SIGKILL');
    expect([code, signal]).toEqual([null, 'SIGKILL']);
    expect(namesIn(model.outFolder)).toEqual([expect.stringMatching(/^\.permafrost-[0-9a-f]{8}\.tmp$/)]);
  });
});
