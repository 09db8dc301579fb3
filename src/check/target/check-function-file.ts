/** Whether the functions of a graph are where Ascend's compiler looks for them: in a file beside it. */
import { join } from 'node:path';
import { type GraphDefLibrary, libraryFileName, libraryType } from '../../devices/ascend/library-type.js';
import { isPermafrostError, reason } from '../../errors.js';
import { reachableFunctions } from '../../graph/function-references.js';
import type { Graph } from '../../graph/graph.js';
import { readText } from '../../io/read-file.js';
import { parseText } from '../../proto/text-format.js';
import type { Findings } from '../finding.js';

/** @throws PermafrostError GRAPH_MALFORMED of the graph alone. */
export async function checkFunctionFile(graph: Graph, folder: string, findings: Findings): Promise<void> {
  const called = [...reachableFunctions(graph)];
  if (called.length === 0) return;
  const path = join(folder, libraryFileName);
  try {
    const text = await readText(path);
    const { graph_def: graphs = [] } = (await parseText(libraryType(), text, path)) as GraphDefLibrary;
    const there = new Set(graphs.map(({ name = '' }) => name));
    const missing = called.filter((name) => !there.has(name));
    for (const name of missing) findings.error('TARGET_FUNCTIONS', undefined, `${path} lacks the function '${name}'`);
  } catch (error) {
    if (!isPermafrostError(error)) throw error;
    const message =
      `Ascend's compiler reads the functions that a graph calls from a file beside it, and cannot (${reason(error)}). ` +
      'Freeze with --place npu, which writes it, or with --inline, which leaves no functions';
    findings.error('TARGET_FUNCTIONS', undefined, message);
  }
}
