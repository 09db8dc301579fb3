/** Freezes as the package does, and holds what was written against the check: a freeze brings no defect into a graph. */
import { expect } from 'vitest';
import {
  type CheckOptions,
  type CheckReport,
  checkGraph,
  type FreezeGraphOptions,
  type FreezeOptions,
  type FreezeReport,
  freeze as freezeAlone,
  freezeGraph as freezeGraphAlone,
} from '../../src/index.js';

export async function freeze(options: FreezeOptions): Promise<FreezeReport> {
  const report = await freezeAlone(options);
  await expectNoNewDefects(report, options.tags);
  return report;
}

export async function freezeGraph(...args: Parameters<typeof freezeGraphAlone>): Promise<FreezeReport> {
  const report = await freezeGraphAlone(...args);
  await expectNoNewDefects(report, (args[0] as FreezeGraphOptions).saved_model_tags);
  return report;
}

async function expectNoNewDefects(
  { graph, graphKind, out, layout, keptVariables }: FreezeReport,
  given: CheckOptions['tags'],
): Promise<void> {
  if (out === undefined) return;
  const tags = given !== undefined && graphKind.startsWith('a SavedModel') ? { tags: given } : {};
  const frozen = await checkGraph({ file: out, deny: keptVariables, ...(layout === 'saved-model' ? tags : {}) });
  if (frozen.errors === 0) return;
  // A sound graph must come out sound; what was broken before is no fault of the freeze.
  const before = errorsOf(await checkGraph({ file: graph, ...tags, allowVariables: true }));
  expect(errorsOf(frozen).filter((error) => !before.includes(error))).toEqual([]);
}

/** Functions get other names when they are specialised, so theirs are left out. */
function errorsOf({ findings }: CheckReport): string[] {
  return findings.filter(({ severity }) => severity === 'error').map(({ code, node }) => `${code} ${node}`);
}
