/** Which folds have numbers that their types have places for: each factor may be alright, and a weight times it not. */
import { forEachFloatStretch } from '../../evaluate/float-stretches.js';
import { floatsOf } from '../../evaluate/floats.js';
import { type Maxima, raised } from '../../evaluate/stored-maxima.js';
import { rawContent, readConstant } from '../../evaluate/tensor-proto.js';
import { readType } from '../../graph/attributes.js';
import type { GraphNode } from '../../graph/node.js';
import { type Scaling, StoredTensor } from '../../graph/stored-tensor.js';
import { DataType, dataTypeName } from '../../proto/data-types.js';
import type { Optimizing } from '../optimization.js';
import type { Fold } from './candidates.js';
import { rangeOf, typesOf } from './number-range.js';

/**
 * With factors between this and one over this, weights of the wide types are not looked through: they would have to be beyond
 * 2^95, or within 2^-94.
 */
const ordinary = 2 ** 32;

/** @param leave is told of the last node of each that is left out, and why. */
export async function foldsInRange(
  folds: readonly Fold[],
  { maxima, storedAs }: Pick<Optimizing, 'maxima' | 'storedAs'>,
  leave: (fold: Fold, text: string) => void,
): Promise<Fold[]> {
  const looked = folds.filter((fold) => {
    const problem = offsetsBeyond(fold);
    if (problem !== undefined) leave(fold, problem);
    return problem === undefined;
  });
  const typesIn = ({ weight }: Fold): number[] => typesOf(weight, storedAs(weight.node.name));
  const doubtful = looked.filter((fold) => isDoubtful(fold, typesIn(fold)));
  const found = await weightMaxima(doubtful, maxima);
  return looked.filter((fold) => {
    if (!found.has(fold)) return true;
    const problem = productsBeyond(fold, found.get(fold), typesIn(fold));
    if (problem !== undefined) leave(fold, problem);
    return problem === undefined;
  });
}

/** What is added is of the type that the op computes in. */
function offsetsBeyond({ node, offsets }: Fold): string | undefined {
  const dtype = readType(node, 'T');
  const { largest } = rangeOf(dtype);
  const beyond = offsets.find((offset) => Math.abs(offset) > largest);
  if (beyond === undefined) return undefined;
  return `is not folded: ${beyond} would be added to what ${node.op} '${node.name}' gives, too large a number for ${dataTypeName(dtype)}`;
}

function isDoubtful({ scaling }: Fold, dtypes: readonly number[]): boolean {
  if (dtypes.includes(DataType.float16)) return true;
  return scaling.factors.some((factor) => {
    const size = Math.abs(factor);
    return size > ordinary || (size !== 0 && size < 1 / ordinary);
  });
}

async function weightMaxima(
  folds: readonly Fold[],
  maxima: Optimizing['maxima'],
): Promise<ReadonlyMap<Fold, Maxima | undefined>> {
  const found = new Map<Fold, Maxima | undefined>();
  const literal = new LiteralMaxima();
  const stored: { readonly fold: Fold; readonly tensor: StoredTensor; readonly channels: Scaling['channels'] }[] = [];
  for (const fold of folds) {
    const tensor = fold.weight.node.getEdited('value');
    if (tensor instanceof StoredTensor) stored.push({ fold, tensor, channels: fold.channels });
    else found.set(fold, literal.of(fold));
  }
  const all = stored.length > 0 ? await maxima(stored) : [];
  for (const [index, { fold }] of stored.entries()) found.set(fold, all[index]);
  return found;
}

/** Many folds may be of one weight. */
class LiteralMaxima {
  readonly #known = new Map<GraphNode, Map<string, Maxima | undefined>>();

  of(fold: Fold): Maxima | undefined {
    const known = this.#known.get(fold.weight.node) ?? new Map<string, Maxima | undefined>();
    this.#known.set(fold.weight.node, known);
    const { run, count, block } = fold.channels;
    const layout = `${run} ${count} ${block}`;
    if (!known.has(layout)) known.set(layout, literalMaxima(fold));
    return known.get(layout);
  }
}

/** Of a constant in the graph; what is damaged is left alone when it is to be scaled. */
function literalMaxima({ weight, channels }: Fold): Maxima | undefined {
  const maxima = new Float64Array(channels.count);
  const raw = rawContent(weight.node);
  if (!raw) {
    const value = readConstant(weight.node);
    const floats = value && floatsOf(value);
    return floats && raised(maxima, floats, channels);
  }
  forEachFloatStretch(raw, (floats, _, first) => raised(maxima, floats, channels, first));
  return maxima;
}

function productsBeyond(
  { node, weight, scaling }: Fold,
  maxima: Maxima | undefined,
  dtypes: readonly number[],
): string | undefined {
  const own = `'${weight.node.name}', the weight of ${node.op} '${node.name}',`;
  if (!maxima) return `is not folded: ${own} is too large to find out whether its numbers could be scaled`;
  for (const dtype of dtypes) {
    for (const [channel, factor] of scaling.factors.entries()) {
      const before = maxima[channel] ?? 0;
      const size = beyond(before, factor, dtype);
      if (size)
        return `is not folded: ${own} has up to ${before}, and ${factor} times that is too ${size} for ${dataTypeName(dtype)}`;
    }
  }
  return undefined;
}

/** A channel that has a NaN or an infinity already, or nothing that could be computed with, is none the worse. */
function beyond(before: number, factor: number, dtype: number): 'large' | 'small' | undefined {
  const { largest, smallest } = rangeOf(dtype);
  const size = Math.abs(before * factor);
  if (!Number.isFinite(before) || factor === 0) return undefined;
  if (size > largest) return 'large';
  return before >= smallest && size < smallest ? 'small' : undefined;
}
