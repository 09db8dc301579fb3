import { Checkpoint } from '../checkpoint/checkpoint.js';
import { readVariableMap } from '../checkpoint/variable-map.js';
import { PermafrostError } from '../errors.js';
import { validateGraph } from '../graph/validate.js';
import { isVariable } from '../graph/variables.js';
import { rewrites } from '../inference/inference-settings.js';
import { type GraphFile, readGraph, readSaver } from '../io/read-graph.js';
import { sourceName } from '../io/source.js';
import { layoutFacts } from '../layouts/layout-name.js';
import { within } from '../limits.js';
import { onAbort } from '../on-abort.js';
import { throwIfAborted } from './abort.js';
import { freezeAside } from './aside/freeze-aside.js';
import { type ChosenOutputs, chooseOutputs } from './choose-outputs.js';
import { describeFreeze } from './describe-freeze.js';
import { freezeGraphOf, type Gates, layOut, type Sources, writeOut } from './freeze-steps.js';
import type { FreezeOptions } from './options/freeze-options.js';
import type { FreezeSettings } from './options/freeze-settings.js';
import { places } from './options/placing-options.js';
import { readFreezeOptions } from './options/read-freeze-options.js';
import { openOwnCheckpoint } from './own-checkpoint.js';
import { preparePlacing } from './place.js';
import type { FreezeReport } from './report.js';
import { Stopwatch } from './stopwatch.js';
import { traced } from './traced.js';
import { claimFolder } from './writing/claim-folder.js';
import { handOver } from './writing/hand-over.js';
import { orDestroy } from './writing/outlet.js';

/**
 * Freezes the variables that the outputs need into constants, with the values of the checkpoint, and writes the result in
 * the layout that was asked for: a file or a folder, by default one binary GraphDef. Every tensor's checksum is verified while
 * it is copied. The target comes to be in one step, or not at all; a file that exists is replaced, a folder must be empty.
 * @throws PermafrostError with the `code` of what went wrong; `docs/errors.md` lists them.
 */
export function freeze(options: FreezeOptions): Promise<FreezeReport> {
  return traced('freeze', options, () =>
    orDestroy(options?.out, async () => freezeSettled(readFreezeOptions(options))),
  );
}

/** As `freeze`, with settings that have been checked. */
export function freezeSettled(settings: FreezeSettings): Promise<FreezeReport> {
  return claimFolder(settings, () =>
    handOver(settings, (take, signal = settings.signal) => freezeAside({ ...settings, signal }, freezeHere, take)),
  );
}

/** All of a freeze on this thread. */
export function freezeHere(settings: FreezeSettings, gates: Gates = {}): Promise<FreezeReport> {
  return within(settings.limits, () => freezeWithin(settings, gates));
}

async function freezeWithin(settings: FreezeSettings, gates: Gates): Promise<FreezeReport> {
  const { signal, checkpoint } = settings;
  throwIfAborted(signal);
  const ending = new AbortController();
  const end = (): void => ending.abort();
  const stopListening = onAbort(signal, end);
  const given = checkpoint === undefined ? undefined : Checkpoint.open(checkpoint, ending.signal);
  try {
    return await freezeWith(given, settings, gates);
  } catch (error) {
    // Where it is the graph that fails, nobody wants the checkpoint any more; one of version 1 takes long to open.
    end();
    await given?.then(
      (opened) => opened.close(),
      () => undefined,
    );
    throwIfAborted(signal);
    throw error;
  } finally {
    stopListening();
  }
}

async function freezeWith(
  opening: Promise<Checkpoint> | undefined,
  settings: FreezeSettings,
  gates: Gates,
): Promise<FreezeReport> {
  const clock = new Stopwatch();
  const [file, given, saver, map, placing] = await Promise.all([
    readGraph(settings.graph, settings.tags),
    opening,
    settings.saver === undefined ? undefined : readSaver(settings.saver),
    readVariableMap(settings.variableMap),
    preparePlacing(settings),
  ]);
  validateGraph(file.graph, sourceName(settings.graph));
  const chosen = await chooseOutputs(file, settings);
  requireVariables(file, settings);
  const checkpoint = given ?? (await openOwnCheckpoint(file, sourceName(settings.graph), settings.signal));
  try {
    const isOwn = given === undefined;
    return await freezeOpened({ file, checkpoint, isOwn, saver, map, placing, gates }, chosen, settings, clock);
  } finally {
    checkpoint.close();
  }
}

async function freezeOpened(
  sources: Sources,
  chosen: ChosenOutputs,
  settings: FreezeSettings,
  clock: Stopwatch,
): Promise<FreezeReport> {
  throwIfAborted(settings.signal);
  const read = clock.lap();
  const frozen = await freezeGraphOf(sources, chosen, settings);
  const rewrite = clock.lap();
  const planned = await layOut(frozen, sources, chosen, settings);
  const plan = clock.lap();
  const overflows = await writeOut(planned, sources, settings);
  await frozen.picture?.draw();
  const write = clock.lap();
  const report = await describeFreeze(sources, chosen, frozen, planned, settings, overflows);
  return { ...report, milliseconds: { read, rewrite, plan, write, total: clock.total() } };
}

/** A GraphDef without variables is what it would be frozen to, unless its form or its devices are to be others. */
function requireVariables({ graph, folder }: GraphFile, settings: FreezeSettings): void {
  const changes =
    folder !== undefined ||
    !layoutFacts[settings.layout].isPlainGraph ||
    places(settings) ||
    settings.optimize ||
    rewrites(settings.inferring);
  if (changes || graph.nodes.some(isVariable)) return;
  throw new PermafrostError(
    'NO_VARIABLES',
    `${sourceName(settings.graph)} has no variables, so there is nothing to freeze. It was probably frozen before; it can be used as it is.`,
  );
}
