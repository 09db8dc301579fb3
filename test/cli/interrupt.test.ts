import { describe, expect, it } from 'vitest';
import { namesIn } from '../support/folder.js';
import { largeModel, type SmallModel } from '../support/model.js';
import { startNode, until } from '../support/run.js';

/** Nearly 2 GiB: the most that one file may have. */
const size = 2000 << 20;

function argumentsOf(command: string, { graph, checkpoint, out }: SmallModel): string[] {
  return command === 'permafrost'
    ? ['freeze', '--graph', graph, '--checkpoint', checkpoint, '--outputs', 'y', '--out', out]
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
