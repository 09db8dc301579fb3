/** A value that a caller binds, as a tensor of the type and shape of what it is bound to. */
import { invalidArgument, type PermafrostError } from '../../errors.js';
import { bfloat16Bits, float16Bits } from '../../evaluate/floats.js';
import { countOf, numbersOf, Tensor } from '../../evaluate/tensor.js';
import { shapeInOptions } from '../../graph/shape-text.js';
import { DataType, dataTypeName, elementSize, floatTypes } from '../../proto/data-types.js';
import { type BoundJson, isBoundJson } from './binding.js';

/** What a value is bound to. */
export interface Bindable {
  readonly name: string;
  /** DataType number. */
  readonly dtype: number;
  /** -1 for a size that is open; undefined: of any shape. */
  readonly shape: readonly number[] | undefined;
}

/** Of a text in a message. */
const shownLength = 100;

type Element = boolean | number | bigint | string;

/** Lowest and highest of the types of whole numbers. */
const ranges: ReadonlyMap<number, readonly [bigint, bigint]> = new Map(
  (
    [
      [DataType.int8, -(2n ** 7n), 2n ** 7n],
      [DataType.uint8, 0n, 2n ** 8n],
      [DataType.int16, -(2n ** 15n), 2n ** 15n],
      [DataType.uint16, 0n, 2n ** 16n],
      [DataType.int32, -(2n ** 31n), 2n ** 31n],
      [DataType.uint32, 0n, 2n ** 32n],
      [DataType.int64, -(2n ** 63n), 2n ** 63n],
      [DataType.uint64, 0n, 2n ** 64n],
    ] as const
  ).map(([dtype, low, end]) => [dtype, [low, end - 1n]]),
);

/** What is larger would become infinite. */
const largest: ReadonlyMap<number, number> = new Map([
  [DataType.float32, (2 - 2 ** -23) * 2 ** 127],
  [DataType.bfloat16, (2 - 2 ** -7) * 2 ** 127],
  [DataType.float16, 65_504],
]);

/** @throws PermafrostError INVALID_ARGUMENT where the value is of another type or shape. */
export function boundValue(target: Bindable, given: BoundJson): Tensor {
  const value = typeof given === 'string' ? fromText(target, given) : given;
  const shape = shapeOf(target, value);
  const { shape: wanted, name, dtype } = target;
  const fits =
    !wanted || (wanted.length === shape.length && wanted.every((size, axis) => size < 0 || size === shape[axis]));
  if (!fits) {
    throw invalidArgument(
      `'${name}' has the shape ${shapeInOptions(wanted)}, and what it is bound to has ${shapeInOptions(shape)}. Bind a value of its shape.`,
    );
  }
  const elements = elementsOf(value);
  if (dtype === DataType.string) {
    return new Tensor(
      dtype,
      shape,
      elements.map((each) => {
        if (typeof each === 'string') return Buffer.from(each);
        throw wrongType(target, each, 'texts');
      }),
    );
  }
  return numeric(target, shape, elements);
}

function numeric(target: Bindable, shape: readonly number[], elements: readonly Element[]): Tensor {
  const { dtype, name } = target;
  const size = elementSize(dtype);
  const isHalf = dtype === DataType.float16 || dtype === DataType.bfloat16;
  const isKnown = dtype === DataType.bool || ranges.has(dtype) || floatTypes.has(dtype);
  if (size === undefined || !isKnown) {
    throw invalidArgument(`'${name}' is of the type ${dataTypeName(dtype)}, which cannot be bound to a value.`);
  }
  const bytes = new Uint8Array(countOf(shape) * size);
  const numbers = numbersOf(isHalf ? DataType.uint16 : dtype, bytes);
  elements.forEach((each, index) => {
    if (numbers) numbers[index] = numberOf(target, each) as never;
  });
  return new Tensor(dtype, shape, bytes);
}

function numberOf(target: Bindable, value: Element): number | bigint {
  const { dtype } = target;
  if (dtype === DataType.bool) {
    if (typeof value === 'boolean') return Number(value);
    if (value === 0 || value === 1 || value === 0n || value === 1n) return Number(value);
    throw wrongType(target, value, 'true or false');
  }
  const range = ranges.get(dtype);
  if (range) {
    const whole = typeof value === 'bigint' || Number.isSafeInteger(value) ? BigInt(value as number) : undefined;
    if (whole === undefined || whole < range[0] || whole > range[1]) {
      throw wrongType(target, value, `whole numbers from ${range[0]} to ${range[1]}`);
    }
    return elementSize(dtype) === 8 ? whole : Number(whole);
  }
  if (typeof value !== 'number' && typeof value !== 'bigint') throw wrongType(target, value, 'numbers');
  const number = Number(value);
  if (Number.isFinite(number) && Math.abs(number) > (largest.get(dtype) ?? Number.MAX_VALUE)) {
    throw wrongType(target, value, `numbers up to ${largest.get(dtype)}`);
  }
  if (dtype === DataType.float16) return float16Bits(number);
  return dtype === DataType.bfloat16 ? bfloat16Bits(number) : number;
}

/** Whole numbers may have more digits than a number of JavaScript holds, and Python has words of its own. */
function fromText({ name, dtype }: Bindable, text: string): BoundJson {
  if (dtype === DataType.string && !/^[["]/.test(text)) return text;
  if (dtype === DataType.bool && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  if (floatTypes.has(dtype) && /^[+-]?(inf(inity)?|nan)$/i.test(text)) {
    if (/nan$/i.test(text)) return Number.NaN;
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  if (ranges.has(dtype) && /^-?\d+$/.test(text)) return BigInt(text) as unknown as number;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (isBoundJson(value)) return value;
  const shown = text.length > shownLength ? `${text.slice(0, shownLength)}…` : text;
  throw invalidArgument(
    `'${name}' cannot be bound to '${shown}', which is no ${dataTypeName(dtype)} and no array of them.`,
  );
}

function elementsOf(value: BoundJson): Element[] {
  return typeof value === 'object' ? value.flatMap(elementsOf) : [value];
}

/** @throws PermafrostError INVALID_ARGUMENT where rows differ in their lengths. */
function shapeOf(target: Bindable, value: BoundJson): number[] {
  if (typeof value !== 'object') return [];
  const rows = value.map((row) => shapeOf(target, row));
  const [first = []] = rows;
  if (rows.some((row) => row.join() !== first.join())) {
    throw invalidArgument(
      `'${target.name}' is bound to an array whose rows differ in their lengths, which is no tensor.`,
    );
  }
  return [value.length, ...first];
}

function wrongType({ name, dtype }: Bindable, value: unknown, wanted: string): PermafrostError {
  const shown = typeof value === 'string' ? `'${value}'` : String(value);
  return invalidArgument(`'${name}' is of the type ${dataTypeName(dtype)} and takes ${wanted}, not ${shown}.`);
}
