/**
 * The flags of TensorFlow's `freeze_graph`, read as it reads them: `--flag value`, `--flag=value`, a flag by the start of
 * its name, a bare boolean; an unknown flag is refused, a word that is no flag is passed over. Beyond it, absl's
 * `--noflag`, its other words for true and false, and the denylist's old name.
 */
import type { FreezeGraphOptions } from '../api/freeze-graph.js';
import { invalidArgument } from '../errors.js';
import { nearest } from '../nearest.js';

type Flag = keyof FreezeGraphOptions | 'durable' | 'keep_library' | 'tf_parity' | 'help';

const kinds: Readonly<Record<Flag, 'text' | 'boolean' | 'number'>> = {
  input_graph: 'text',
  input_saver: 'text',
  input_checkpoint: 'text',
  checkpoint_version: 'number',
  output_graph: 'text',
  input_binary: 'boolean',
  output_node_names: 'text',
  restore_op_name: 'text',
  filename_tensor_name: 'text',
  clear_devices: 'boolean',
  initializer_nodes: 'text',
  variable_names_whitelist: 'text',
  variable_names_denylist: 'text',
  variable_names_blacklist: 'text',
  input_meta_graph: 'text',
  input_saved_model_dir: 'text',
  saved_model_tags: 'text',
  durable: 'boolean',
  keep_library: 'boolean',
  tf_parity: 'boolean',
  help: 'boolean',
};

export const flagNames = Object.keys(kinds) as readonly Flag[];

export interface ParsedFlags {
  readonly flags: Partial<Record<Flag, string | number | boolean>>;
  /** What TensorFlow's tool would pass over without a word. */
  readonly warnings: readonly string[];
}

/** @throws PermafrostError INVALID_ARGUMENT */
export function parseFlags(args: readonly string[]): ParsedFlags {
  const flags: Partial<Record<Flag, string | number | boolean>> = {};
  const warnings: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] as string;
    const { given, inline } = splitFlag(argument);
    if (given === undefined) {
      warnings.push(`'${argument}' is no flag and is passed over.`);
      continue;
    }
    const negated = given.startsWith('no') && resolveFlag(given.slice(2));
    if (negated && kinds[negated] === 'boolean' && inline === undefined) {
      flags[negated] = false;
      continue;
    }
    const flag = resolveFlag(given);
    if (!flag) {
      const [near] = nearest(given, flagNames);
      throw invalidArgument(`There is no flag --${given}.${near ? ` Did you mean --${near}?` : ''}`);
    }
    const next = args[index + 1];
    const takesNext = inline === undefined && next !== undefined && !next.startsWith('--') && flag !== 'help';
    if (takesNext) index++;
    flags[flag] = readValue(flag, inline ?? (takesNext ? next : undefined));
  }
  return { flags, warnings };
}

function splitFlag(argument: string): { given: string | undefined; inline: string | undefined } {
  if (argument === '-h') return { given: 'help', inline: undefined };
  const match = /^--(\w+)(?:=(.*))?$/s.exec(argument);
  return { given: match?.[1], inline: match?.[2] };
}

/** A flag by its name or by the start of it, as long as no other begins so. */
function resolveFlag(given: string): Flag | undefined {
  if (flagNames.includes(given as Flag)) return given as Flag;
  const candidates = given === '' ? [] : flagNames.filter((name) => name.startsWith(given));
  if (candidates.length <= 1) return candidates[0];
  throw invalidArgument(`The flag --${given} could be any of ${candidates.map((name) => `--${name}`).join(', ')}.`);
}

function readValue(flag: Flag, value: string | undefined): string | number | boolean {
  if (kinds[flag] === 'boolean') {
    if (value === undefined || /^(true|t|yes|y|1)$/i.test(value)) return true;
    if (/^(false|f|no|n|0)$/i.test(value)) return false;
    throw invalidArgument(`Expected true or false for --${flag} but received '${value}'.`);
  }
  if (value === undefined) throw invalidArgument(`The flag --${flag} needs a value, as in --${flag}=VALUE.`);
  if (kinds[flag] === 'text') return value;
  if (/^[+-]?\d+$/.test(value)) return Number(value);
  throw invalidArgument(`Expected a whole number for --${flag} but received '${value}'.`);
}
