/** How the options of `freeze` are checked. */
import { isAbsolute, join } from 'node:path';
import { layoutNames } from '../../layouts/layout-name.js';
import { parseWeightRules } from '../../passes/weights/weight-rules.js';
import { workingFolder } from '../../working-folder.js';
import type { FreezeOptions } from './freeze-options.js';
import type { FreezeSettings } from './freeze-settings.js';
import { readAverages, readInference } from './inference-options.js';
import { OptionReader } from './option-reader.js';
import { readPlacing } from './placing-options.js';
import { refuseTogether } from './refuse-together.js';

/** @throws PermafrostError INVALID_ARGUMENT */
export function readFreezeOptions(options: FreezeOptions): FreezeSettings {
  const read = new OptionReader(options, 'freeze');
  const dryRun = read.flag('dryRun', false);
  const tfParity = read.flag('tfParity', false);
  const inMemory = read.flag('inMemory', false);
  const stream = read.stream('out');
  const out = stream ? undefined : dryRun || inMemory ? read.optionalPath('out') : read.path('out');
  const settings: FreezeSettings = {
    graph: read.source('graph'),
    checkpoint: read.pathIfGiven('checkpoint'),
    outputs: nodeNames(read.names('outputs') ?? []),
    tags: read.names('tags'),
    signature: read.optional('signature'),
    out,
    stream,
    inMemory,
    // What goes to no path has none, nor needs the working folder.
    target: targetOf(stream || inMemory ? '/frozen' : out),
    dryRun,
    layout: read.choice('layout', layoutNames, 'graph-def'),
    weightsRoot: read.absolutePath('weightsRoot'),
    shardBytes: read.count('shardBytes', Number.MAX_SAFE_INTEGER),
    allow: setOf(read.names('allow')),
    deny: new Set(read.names('deny')),
    strictLists: true,
    weights: parseWeightRules(read.names('weights') ?? []),
    ...readPlacing(read),
    inferring: readInference(read),
    averageSuffix: readAverages(read),
    inline: read.flag('inline', false),
    optimize: read.flag('optimize', false),
    keepLibrary: read.flag('keepLibrary', tfParity),
    tfParity,
    saver: read.optionalPath('saver'),
    variableMap: read.pathOrObject('variableMap'),
    initializers: read.names('initializers') ?? [],
    durable: read.flag('durable', false),
    threads: threadsOf(read),
    limits: read.limits('limits'),
    heapBytes: read.heapBytes(),
    signal: read.signal('signal'),
    onProgress: read.callback('onProgress'),
  };
  read.rejectUnknown();
  refuseTogether(settings);
  return settings;
}

/** Where nothing is written, layouts need a place all the same. */
export function targetOf(out = 'frozen'): string {
  // As it is otherwise: with a slash at its end it is a folder.
  return isAbsolute(out) ? out : join(workingFolder(), out);
}

/** How many threads are wanted; 0: as many as are of use. */
export function threadsOf(read: OptionReader): number {
  return read.count('threads', 64) ?? 0;
}

/** An empty list means none was given: freezing nothing is no use to anybody. */
export function setOf(names: readonly string[] | undefined): ReadonlySet<string> | undefined {
  return names && names.length > 0 ? new Set(names) : undefined;
}

/** People name tensors where nodes are meant: `name:0` is the node `name`. */
export function nodeNames(names: readonly string[]): string[] {
  return names.map((name) => name.replace(/:\d+$/, ''));
}
