/** The picture of a placed graph (`dot`): it is tried before the graph is written, and drawn when that is in place. */
import { resolve } from 'node:path';
import { Checkpoint } from '../checkpoint/checkpoint.js';
import type { Placed } from '../devices/place-graph.js';
import { PermafrostError } from '../errors.js';
import { deviceTargets } from '../native.js';
import { PlanBuilder } from '../plan/plan.js';
import { write } from './writing/write.js';

export interface Picture {
  /**
   * Without a trace.
   * @param targets the files that the freeze is to write.
   * @param checkpoint whose files it may not replace either.
   * @throws PermafrostError INVALID_ARGUMENT where the picture would replace one of them or a source; WRITE_FAILED
   */
  readonly prove: (targets: readonly string[], checkpoint: Checkpoint) => Promise<void>;
  /** All of it, or nothing. @throws PermafrostError WRITE_FAILED */
  readonly draw: () => Promise<void>;
}

/** @param sources paths of what was read, none of which the picture may replace. */
export async function pictureOf(placed: Placed, dot: string, sources: readonly string[]): Promise<Picture> {
  const { dotOf } = await import('../devices/dot.js');
  const builder = new PlanBuilder();
  for (const part of dotOf(placed)) builder.literal(Buffer.from(part));
  builder.endFile('');
  const plan = builder.finish();
  const quiet = { durable: false, threads: 1, signal: undefined, onProgress: undefined };
  return {
    prove: async (targets, checkpoint) => {
      if (targets.some((target) => resolve(target) === resolve(dot))) {
        throw new PermafrostError(
          'INVALID_ARGUMENT',
          `The picture ${dot} is also what the frozen graph is written to. Choose another file for one of the two.`,
        );
      }
      const plugins = deviceTargets().flatMap(({ plugin }) => plugin ?? []);
      const others = [...sources, ...targets, ...plugins, ...checkpoint.files()];
      await write(plan, Checkpoint.empty(), { ...quiet, out: dot, sources: others, dryRun: true });
    },
    draw: async () => {
      await write(plan, Checkpoint.empty(), { ...quiet, out: dot, sources, dryRun: false });
    },
  };
}
