/** A tensor that a placeholder takes the place of, and how people write it. */
import { invalidArgument } from '../../errors.js';
import { dataTypeName, dataTypeNumber } from '../../proto/data-types.js';
import { splitAtCommas } from '../split-at-commas.js';

export interface InputCut {
  /** `node`, or `node:output` for a later output than the first. */
  readonly tensor: string;
  /** Of the placeholder. Default: the node's own where it has one output, else `node_output`. */
  readonly name?: string | undefined;
  /** As in `float32`. Default, and never another: what the tensor is in the graph. */
  readonly dtype?: string | undefined;
  /** -1 or null for a size that callers choose. Default: what the graph says. */
  readonly shape?: readonly (number | null)[] | undefined;
}

/** The word that stands for all iterators and queues that the outputs need. */
const auto = 'auto';

export interface InputSettings {
  readonly cuts: readonly InputCut[];
  /** Whether iterators and queues are cut without being named. */
  readonly auto: boolean;
}

const example = "Write 'NODE:OUTPUT=NAME:TYPE[SIZES]', as in 'IteratorGetNext:0=image:float32[?,224,224,3]'.";

/**
 * @param given a text with several, separated by commas; or a list of such texts and of objects.
 * @throws PermafrostError INVALID_ARGUMENT
 */
export function parseInputs(given: unknown): InputSettings {
  const list = given === undefined ? [] : Array.isArray(given) ? given : [given];
  const cuts: InputCut[] = [];
  let isAuto = false;
  for (const each of list) {
    if (typeof each !== 'string') {
      cuts.push(checked(each));
      continue;
    }
    const texts = splitAtCommas(each);
    for (const text of texts.length > 0 ? texts : ['']) {
      if (text === auto) isAuto = true;
      else cuts.push(parseCut(text));
    }
  }
  return { cuts, auto: isAuto };
}

function parseCut(text: string): InputCut {
  const [, tensor = '', name, dtype, shape] =
    /^([^=[\]]*)(?:=([^:[\]]*)(?::(\w+))?(?:\[([^\]]*)\])?)?$/.exec(text) ?? [];
  if (tensor === '') throw invalidArgument(`'${text}' is no input. ${example}`);
  return checked({
    tensor: tensor.trim(),
    ...(name && { name: name.trim() }),
    ...(dtype !== undefined && { dtype }),
    ...(shape !== undefined && { shape: parseShape(shape, text) }),
  });
}

function parseShape(sizes: string, text: string): number[] {
  if (sizes.trim() === '') return [];
  return sizes.split(',').map((each) => {
    const size = each.trim();
    if (size === '?' || size === '-1' || size === 'None') return -1;
    if (/^\d+$/.test(size)) return Number(size);
    throw invalidArgument(`'${size}' in '${text}' is no size. Give a whole number, or ? for one that callers choose.`);
  });
}

/** What TensorFlow lets a node be called. */
const nodeName = /^[A-Za-z0-9.][A-Za-z0-9_.\\/>-]*$/;

function checked(value: unknown): InputCut {
  if (typeof value !== 'object' || value === null) {
    throw invalidArgument(
      `Expected a text or an object for each of the inputs but received ${String(value)}. ${example}`,
    );
  }
  const known = ['tensor', 'name', 'dtype', 'shape'];
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) throw invalidArgument(`An input has no '${unknown}'. There are: ${known.join(', ')}.`);
  const { tensor, name, dtype, shape } = value as Record<keyof InputCut, unknown>;
  if (typeof tensor !== 'string' || tensor === '' || tensor.startsWith('^')) {
    throw invalidArgument(`'${String(tensor)}' is no tensor that could be an input. ${example}`);
  }
  if (name !== undefined && (typeof name !== 'string' || !nodeName.test(name))) {
    throw invalidArgument(`'${String(name)}', for the input '${tensor}', is no name that TensorFlow takes for a node.`);
  }
  if (dtype !== undefined && (typeof dtype !== 'string' || !canBeFed(dataTypeNumber(dtype)))) {
    throw invalidArgument(
      `'${String(dtype)}', for the input '${tensor}', is no type that can be fed. Types are float32, int64, string…`,
    );
  }
  if (shape !== undefined && !isShape(shape)) {
    throw invalidArgument(
      `The shape of the input '${tensor}' is no list of sizes. Use -1 or null for one that callers choose.`,
    );
  }
  return {
    tensor,
    ...(name !== undefined && { name: name as string }),
    ...(dtype !== undefined && { dtype: dtype as string }),
    ...(shape !== undefined && { shape: (shape as readonly (number | null)[]).map((size) => size ?? -1) }),
  };
}

function isShape(value: unknown): boolean {
  const isSize = (size: unknown): boolean => size === null || (Number.isSafeInteger(size) && (size as number) >= -1);
  return Array.isArray(value) && value.every(isSize);
}

/** Handles and variants are made in the graph; nobody can feed one. */
export function canBeFed(dtype: number): boolean {
  const name = dataTypeName(dtype);
  return dtype > 0 && dataTypeNumber(name) === dtype && name !== 'resource' && name !== 'variant';
}
