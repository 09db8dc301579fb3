/** The third job: a folder of the layout `mmap` that moves to another place, or another machine. */
import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Checkpoint } from '../checkpoint/checkpoint.js';
import { PermafrostError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import { readGraph } from '../io/read-graph.js';
import { layOutGraph } from '../layouts/graph-def.js';
import { mmapGraph } from '../layouts/mapped/mmap-folder.js';
import type { WeightFile } from '../layouts/mapped/relocate-weights.js';
import { type LimitOptions, within } from '../limits.js';
import { OptionReader } from './options/option-reader.js';
import { traced } from './traced.js';
import { write } from './writing/write.js';

export interface RelocateOptions {
  /** The folder that a freeze with the layout `mmap` wrote, or the graph in it. */
  readonly graph: string;
  /** The absolute path that the folder will have where the graph runs. Default: where it is now. */
  readonly weightsRoot?: string | undefined;
  /** Wait until the graph and its folder are on the disk. Default: false. */
  readonly durable?: boolean | undefined;
  /** What the graph may ask for at most, where it is to be other than usual. */
  readonly limits?: LimitOptions | undefined;
}

export interface RelocateReport {
  /** The graph that was rewritten. */
  readonly graph: string;
  readonly weightsRoot: string;
  /** Constants that are mapped from files. Where there are none, the graph is left as it is. */
  readonly constants: number;
  /** Of all their elements. */
  readonly bytes: number;
  /** Whether the files were looked for: false where there is no folder `weightsRoot` on this machine. */
  readonly checked: boolean;
}

/**
 * Rewrites the paths of the weight files in a graph, in one step or not at all. The files are not read; where the folder is
 * on this machine, each must be there and have the size that its constant has.
 * @throws PermafrostError INVALID_ARGUMENT, FILE_NOT_FOUND, READ_FAILED, WRONG_FILE_KIND, GRAPH_MALFORMED, LIMIT_EXCEEDED,
 * WRITE_FAILED; VARIABLE_MISMATCH where a file has another size
 */
export function relocate(options: RelocateOptions): Promise<RelocateReport> {
  return traced('relocate', options, () => readAndRewrite(options));
}

async function readAndRewrite(options: RelocateOptions): Promise<RelocateReport> {
  const read = new OptionReader(options, 'relocate');
  const given = read.path('graph');
  const root = read.absolutePath('weightsRoot');
  const durable = read.flag('durable', false);
  const limits = read.limits('limits');
  read.rejectUnknown();
  return within(limits, () => rewritePaths(given, root, durable));
}

async function rewritePaths(given: string, root: string | undefined, durable: boolean): Promise<RelocateReport> {
  const isFolder = (path: string): Promise<boolean> =>
    stat(path).then(
      (info) => info.isDirectory(),
      () => false,
    );
  const isWhole = await isFolder(given);
  const path = isWhole ? join(given, mmapGraph) : given;
  const weightsRoot = root ?? dirname(resolve(path));
  const file = await readGraph(path);
  if (file.kind !== binaryGraph) {
    throw new PermafrostError('WRONG_FILE_KIND', `${path} is ${file.kind}; only ${binaryGraph} can be relocated.`);
  }
  // Few callers relocate, and all would load what that needs.
  const { relocateWeights } = await import('../layouts/mapped/relocate-weights.js');
  const { graph, files } = relocateWeights(file.graph, weightsRoot, path);
  const checked = await isFolder(weightsRoot);
  if (checked) await Promise.all(files.map(requireFile));
  if (files.length > 0) await replace(path, graph, durable);
  // Of small constants alone, the layout writes a folder of no more than the graph.
  else if (!isWhole) throw mapsNothing(path);
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return { graph: path, weightsRoot, constants: files.length, bytes, checked };
}

async function replace(path: string, graph: Graph, durable: boolean): Promise<void> {
  const checkpoint = Checkpoint.empty();
  const plan = await layOutGraph(graph, checkpoint);
  const settings = {
    out: path,
    sources: [],
    durable,
    dryRun: false,
    threads: 1,
    signal: undefined,
    onProgress: undefined,
  };
  await write(plan, checkpoint, settings);
}

function mapsNothing(path: string): PermafrostError {
  return new PermafrostError(
    'WRONG_FILE_KIND',
    `${path} has no weights in files, so there is nothing to relocate. ` +
      "Pass the folder, or its graph.pb, that a freeze with the layout 'mmap' wrote.",
  );
}

const binaryGraph = 'a binary GraphDef';

async function requireFile({ node, path, size }: WeightFile): Promise<void> {
  const info = await stat(path).catch(() => undefined);
  if (!info) {
    throw new PermafrostError(
      'FILE_NOT_FOUND',
      `There is no ${path}, which node '${node}' is mapped from. Copy the folder whole, or name the one that it is in.`,
    );
  }
  if (!info.isFile()) {
    throw new PermafrostError('READ_FAILED', `${path}, which node '${node}' is mapped from, is no regular file.`);
  }
  if (info.size === size) return;
  throw new PermafrostError(
    'VARIABLE_MISMATCH',
    `${path} has ${info.size} bytes, and node '${node}', which is mapped from it, has ${size}. ` +
      'Pass the graph and the weights of one freeze.',
  );
}
