/** The `permafrost` command. */
import { Command, CommanderError } from 'commander';
import type { CheckOptions } from '../api/check-graph.js';
import { freezeHere } from '../api/freeze.js';
import type { FreezeOptions } from '../api/options/freeze-options.js';
import { readFreezeOptions } from '../api/options/read-freeze-options.js';
import { registerDevicePlugin } from '../api/register-device-plugin.js';
import type { RelocateOptions } from '../api/relocate.js';
import type { SuggestOptions } from '../api/suggest.js';
import { PermafrostError } from '../errors.js';
import { type RewriteName, rewriteNames } from '../inference/rewrite-name.js';
import { layoutNames } from '../layouts/layout-name.js';
import { type Limits, limitNames } from '../limits.js';
import { exitCodes } from './exit-codes.js';
import { runCheck } from './run-check.js';
import { type Presentation, printError, runFreeze } from './run-freeze.js';
import { runList } from './run-list.js';
import { runRelocate } from './run-relocate.js';
import { runSuggest } from './run-suggest.js';
import { runVerify } from './run-verify.js';
import { version } from './version.js';

type FreezeFlags = Omit<FreezeOptions, 'signal' | 'onProgress' | 'placeRules' | 'inference'> &
  Partial<Presentation> & {
    readonly placeRules?: string;
    readonly inference?: boolean;
    readonly rewrite?: readonly RewriteName[];
    readonly devicePlugin?: readonly string[];
  };

type CheckFlags = Omit<CheckOptions, 'file'> & { readonly json?: boolean; readonly devicePlugin?: readonly string[] };

/** A flag of names may be given more than once. */
function collect(names: string, before: readonly string[] = []): string[] {
  return [...before, ...names.split(',')];
}

/** So may one whose commas need not separate anything: those in a shape, or in a value. */
function collectWhole(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

/** `NAME=NUMBER`, separated by commas; what they may be is checked with the other options. */
function collectLimits(pairs: string, before: object = {}): Partial<Limits> {
  const given = pairs.split(',').map((pair) => {
    const [name = '', number] = pair.split('=');
    return [name.trim(), Number(number)] as const;
  });
  return { ...before, ...Object.fromEntries(given) };
}

const limitFlag = [
  '--limits <pairs>',
  `what files may ask for at most, as NAME=NUMBER: ${limitNames.join(', ')}`,
] as const;

const program = new Command('permafrost')
  .description('Freezes TensorFlow models: a graph and a checkpoint in, a model for inference out.')
  .version(version)
  .exitOverride();

program
  .command('freeze')
  .description('turn the variables that the outputs need into constants and write the result in one of several layouts')
  .requiredOption(
    '-g, --graph <path>',
    'GraphDef or MetaGraphDef, binary or text (.pb, .pbtxt, .meta), or a SavedModel',
  )
  .option(
    '-c, --checkpoint <path>',
    "checkpoint: prefix, folder, 'checkpoint' file, or any of its files; a SavedModel has its own",
  )
  .option(
    '-o, --outputs <names>',
    "output nodes, separated by commas; auto: those that the graph speaks for; else those of the model's signature",
    collect,
  )
  .option('--signature <name>', 'the signature that gives the outputs (serving_default, or the only one)')
  .option('--tags <names>', 'all tags of the graph to take from a SavedModel, separated by commas (serve)', collect)
  .option('--out <path>', 'the file or the folder to write; needed but for a dry run')
  .option('--layout <name>', `what to write: ${layoutNames.join(', ')} (graph-def)`)
  .option('--weights-root <folder>', 'for mmap: the absolute path of its folder where the graph runs (that of --out)')
  .option('--shard-bytes <number>', 'for tfjs: the largest size of a file of weights, in bytes (4194304)', Number)
  .option('--allow <names>', 'freeze only these variables, separated by commas', collect)
  .option('--deny <names>', 'keep these variables as they are, separated by commas', collect)
  .option(
    '--weights <rules>',
    'types to store float32 variables in: float16, bfloat16, int8 or float32, or PATTERN=TYPE, separated by commas',
    collect,
  )
  .option(
    '--place <devices>',
    "clear (all devices), keep, or devices in the order of preference, such as 'npu:0,gpu:0,cpu'",
    collect,
  )
  .option('--place-rules <file>', 'JSON file that says which nodes go elsewhere; docs/devices.md has its form')
  .option(
    '--device-constants <changes>',
    'copies (constants once for each device that reads them), dtypes (in the types that devices want), or both',
    collect,
  )
  .option('--device-plugin <path>', 'shared library with more device targets; may be given several times', collect)
  .option('--dot <file>', 'draw the placed graph for Graphviz, devices as clusters')
  .option('--no-clear-devices', 'keep the device of every node: --place keep')
  .option(
    '--inputs <tensors>',
    "tensors to be fed, as 'IteratorGetNext:0=image:float32[?,224,224,3]', separated by commas; auto: iterators and queues",
    collectWhole,
  )
  .option('--inference', 'make an inference graph of a training graph: all rewrites of --rewrite')
  .option('--rewrite <names>', `only these rewrites: ${rewriteNames.join(', ')}, separated by commas`, collect)
  .option(
    '--bind <NAME=VALUE>',
    'the value that a placeholder, a constant or a variable has from now on, as JSON; may be given several times',
    collectWhole,
  )
  .option(
    '--bn-stats <pairs>',
    "moving statistics of batch norm, where the graph does not tell: 'NODE=MEAN;VARIANCE', separated by commas",
    collect,
  )
  .option('--ema', 'give each variable its ExponentialMovingAverage, where the checkpoint has it')
  .option('--variable-suffix <text>', 'the same for averages whose keys end with this behind those of the variables')
  .option('--optimize', 'fold and merge what costs time when the frozen graph runs; makes one flat graph, as --inline')
  .option('--inline', 'make one flat graph: functions inlined, their control flow as that of TensorFlow 1')
  .option('--keep-library', 'keep all functions of the graph, not only those that the outputs need')
  .option('--tf-parity', "write the bytes that TensorFlow's tool writes, wherever it writes a graph that works")
  .option('--variable-map <file>', 'JSON object from names of variables to keys of the checkpoint')
  .option('--saver <file>', 'SaverDef that says which key each variable is stored under')
  .option(
    '--initializers <names>',
    'initialiser nodes, separated by commas; what they assign goes before the checkpoint',
    collect,
  )
  .option('--durable', 'wait until all that is written is on the disk')
  .option('--threads <number>', 'how many threads write; else as many as are of use', Number)
  .option('--dry-run', 'do everything but write')
  .option(...limitFlag, collectLimits)
  .option('--json', 'print the report, or the error, as JSON')
  .option('-q, --quiet', 'print nothing but errors')
  .action(({ json = false, quiet = false, devicePlugin = [], inference = false, rewrite, ...options }: FreezeFlags) =>
    runFreeze({ json, quiet }, (running) => {
      for (const path of devicePlugin) registerDevicePlugin(path);
      return freezeHere(readFreezeOptions({ ...options, ...rewritesAsked(inference, rewrite), ...running }));
    }),
  );

program
  .command('check')
  .description('say whether a graph is consistent in itself and has no variables left, without TensorFlow')
  .argument('<file>', 'GraphDef or MetaGraphDef, binary or text, or a SavedModel')
  .option('--tags <names>', 'all tags of the graph to take from a SavedModel, separated by commas (serve)', collect)
  .option('--deny <names>', 'variables that were kept on purpose, separated by commas', collect)
  .option('--allow-variables', 'take any variable: the graph is not frozen yet')
  .option('--target <name>', 'the devices that it is to run on: cpu, gpu, npu, or a target of a plugin')
  .option('--device-plugin <path>', 'shared library with more device targets; may be given several times', collect)
  .option(...limitFlag, collectLimits)
  .option('--json', 'print the report, or the error, as JSON')
  .action((file: string, { json = false, devicePlugin = [], ...options }: CheckFlags) =>
    runCheck({ file, ...options }, devicePlugin, json),
  );

program
  .command('relocate')
  .description("rewrite the paths of weight files in a graph of the layout 'mmap'")
  .argument('<path>', 'the folder that was written, or its graph.pb')
  .option('--weights-root <folder>', 'the absolute path of the folder where the graph runs (where it is now)')
  .option('--durable', 'wait until graph and folder are on the disk')
  .option(...limitFlag, collectLimits)
  .option('--json', 'print the report, or the error, as JSON')
  .action((graph: string, { json = false, ...options }: Omit<RelocateOptions, 'graph'> & { json?: boolean }) =>
    runRelocate({ graph, ...options }, json),
  );

program
  .command('suggest')
  .description('say which inputs and outputs a graph may have, and why')
  .argument('<graph>', 'GraphDef or MetaGraphDef, binary or text, or a SavedModel')
  .option('--tags <names>', 'all tags of the graph to take from a SavedModel, separated by commas (serve)', collect)
  .option(...limitFlag, collectLimits)
  .option('--json', 'print the report, or the error, as JSON')
  .action((graph: string, { json = false, ...options }: Omit<SuggestOptions, 'graph'> & { json?: boolean }) =>
    runSuggest({ graph, ...options }, json),
  );

const checkpointArgument = "prefix, folder, 'checkpoint' file, or any file of the checkpoint";

program
  .command('list')
  .description('list the tensors of a checkpoint: name, type and shape')
  .argument('<checkpoint>', checkpointArgument)
  .option('--json', 'print all that is known of each, or the error, as JSON')
  .action((checkpoint: string, { json = false }: { json?: boolean }) => runList(checkpoint, json));

program
  .command('verify')
  .description('read all tensors of a checkpoint and hold them against their checksums')
  .argument('<checkpoint>', checkpointArgument)
  .option('--json', 'print the report, or the error, as JSON')
  .action((checkpoint: string, { json = false }: { json?: boolean }) => runVerify(checkpoint, json));

/** @throws PermafrostError INVALID_ARGUMENT where both all rewrites and some are asked for. */
function rewritesAsked(
  inference: boolean,
  rewrite: readonly RewriteName[] | undefined,
): Pick<FreezeOptions, 'inference'> {
  if (!inference || !rewrite) return { inference: rewrite ?? inference };
  throw new PermafrostError(
    'INVALID_ARGUMENT',
    `--inference asks for all rewrites, --rewrite ${rewrite.join(',')} for some only. Leave one out.`,
  );
}

program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof CommanderError)) throw error;
  // Commander has printed the help or the version that was asked for, or said what is wrong on stderr.
  if (error.exitCode !== 0) {
    process.exitCode = exitCodes.usage;
    if (process.argv.includes('--json')) printError('INVALID_ARGUMENT', error.message.replace(/^error: /, ''));
  }
});
