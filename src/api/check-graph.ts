/** The second job: whether a graph is consistent in itself, found out without TensorFlow. */
import { dirname, resolve } from 'node:path';
import type { Finding } from '../check/finding.js';
import { readGraph } from '../io/read-graph.js';
import { sourceName } from '../io/source.js';
import { type LimitOptions, within } from '../limits.js';
import { type Look, type LookSettings, lookAside } from './aside/look-aside.js';
import { receivedFindings, type SentFindings, sentFindings } from './aside/sent-findings.js';
import { OptionReader } from './options/option-reader.js';
import { traced } from './traced.js';

export interface CheckOptions {
  /** GraphDef or MetaGraphDef, binary or text, or a SavedModel; or the bytes of such a file. */
  readonly file: string | Uint8Array;
  /** All tags of the graph to take from a SavedModel. Default: `serve`. */
  readonly tags?: string | readonly string[] | undefined;
  /** Names of variables that were kept on purpose. */
  readonly deny?: string | readonly string[] | undefined;
  /** Take any variable: the graph was not frozen yet. Default: false. */
  readonly allowVariables?: boolean | undefined;
  /**
   * A kind of devices that the graph is to run on: `cpu`, `gpu`, `npu`, or one of a plugin. What has no kernel there is
   * found then; for `npu`, all that Ascend's offline compiler is known to refuse.
   */
  readonly target?: string | undefined;
  /** What the file may ask for at most, where it is to be other than usual. */
  readonly limits?: LimitOptions | undefined;
  /**
   * What JavaScript may take, in bytes, 32 MiB at least; what would take more fails with OUT_OF_MEMORY. The work is done in a
   * worker then, however small the graph is. The bytes of the file are not counted. Default: what the engine gives the program.
   */
  readonly heapBytes?: number | undefined;
  /** Rejects with ABORTED: at once where a worker does it, and else when it is done, which small graphs are soon. */
  readonly signal?: AbortSignal | undefined;
}

export interface CheckReport {
  /** `<bytes>` for what was given as such. */
  readonly file: string;
  /** As in "a binary GraphDef". */
  readonly kind: string;
  /** Nodes of the graph, without those of its functions. */
  readonly nodes: number;
  readonly functions: number;
  /** Of the findings that are told, as are the warnings. */
  readonly errors: number;
  readonly warnings: number;
  /** In the order of the graph: its nodes, then the functions; then what is about the target. */
  readonly findings: readonly Finding[];
}

/**
 * Checks that inputs, types, attributes, constants, functions and loops of a graph fit together, and that no variable is
 * left; and whether a target can run it, where one is named. A graph with errors is a report, not an exception.
 * @throws PermafrostError INVALID_ARGUMENT, FILE_NOT_FOUND, READ_FAILED, WRONG_FILE_KIND; GRAPH_MALFORMED where the file
 * is no whole graph; DEVICE_UNKNOWN where there is no such target; LIMIT_EXCEEDED, OUT_OF_MEMORY, ABORTED
 */
export function checkGraph(options: CheckOptions): Promise<CheckReport> {
  return traced('checkGraph', options, async () => lookAside(look, readCheckOptions(options)));
}

const look: Look<CheckSettings, CheckReport, SentCheck> = {
  name: 'checkGraph',
  here: checkHere,
  received: ({ findings, ...report }) => ({ ...report, findings: receivedFindings(findings) }),
};

/** Of a worker. */
type SentCheck = Omit<CheckReport, 'findings'> & { readonly findings: SentFindings };

export function sentCheck({ findings, ...report }: CheckReport): SentCheck {
  return { ...report, findings: sentFindings(findings) };
}

/** @throws PermafrostError INVALID_ARGUMENT */
export function readCheckOptions(options: CheckOptions): CheckSettings {
  const read = new OptionReader(options, 'checkGraph');
  const source = read.source('file');
  const tags = read.names('tags');
  const deny = new Set(read.names('deny'));
  const allowVariables = read.flag('allowVariables', false);
  const target = read.optional('target');
  const limits = read.limits('limits');
  const heapBytes = read.heapBytes();
  const signal = read.signal('signal');
  read.rejectUnknown();
  return { source, tags, deny, allowVariables, target, limits, heapBytes, signal };
}

export interface CheckSettings extends LookSettings {
  readonly deny: ReadonlySet<string>;
  readonly allowVariables: boolean;
  readonly target: string | undefined;
}

/** On this thread. */
export function checkHere(settings: CheckSettings): Promise<CheckReport> {
  return within(settings.limits, () => checkSource(settings));
}

async function checkSource({ source, tags, deny, allowVariables, target }: CheckSettings): Promise<CheckReport> {
  const path = sourceName(source);
  const { graph, kind } = await readGraph(source, tags);
  // What TensorFlow knows of its ops is large, and a freeze does without it.
  const [{ findDefects }, { FindingList }] = await Promise.all([
    import('../check/find-defects.js'),
    import('../check/finding.js'),
  ]);
  const list = new FindingList();
  findDefects(graph, { variables: allowVariables ? 'all' : deny }, list);
  if (target !== undefined) {
    const { findTargetDefects } = await import('../check/target/check-target.js');
    await findTargetDefects(graph, { target, folder: dirname(resolve(path)) }, list);
  }
  const findings = list.all;
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return {
    file: path,
    kind,
    nodes: graph.nodes.length,
    functions: graph.library.functions.length,
    errors,
    warnings: findings.length - errors,
    findings,
  };
}
