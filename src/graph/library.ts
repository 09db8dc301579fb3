/** The functions of a graph, in their order and by name. */
import { decoding } from '../proto/decoding.js';
import { bytesField, readFields } from '../proto/wire-fields.js';
import { GraphFunction } from './function.js';

/** Field numbers of FunctionDefLibrary, and of the GradientDef in it. */
const fields = { function: 1, gradient: 2 } as const;
const gradientFields = { function: 1, gradient: 2 } as const;

/** Says which function computes the gradient of another. */
export interface Gradient {
  readonly functionName: string;
  readonly gradientFunction: string;
  /** The encoded GradientDef. */
  readonly encoded: Uint8Array;
}

export class FunctionLibrary {
  #byName: ReadonlyMap<string, GraphFunction> | undefined;

  private constructor(
    readonly functions: readonly GraphFunction[],
    readonly gradients: readonly Gradient[],
    /** Other fields, encoded with their tags. */
    private readonly rest: readonly Uint8Array[],
    private readonly encoded: Uint8Array | undefined,
  ) {}

  static readonly empty: FunctionLibrary = new FunctionLibrary([], [], [], new Uint8Array(0));

  /**
   * @param encoded a FunctionDefLibrary; the library refers to it, so it must not change afterwards.
   * @throws PermafrostError GRAPH_MALFORMED
   */
  static decode(encoded: Uint8Array): FunctionLibrary {
    if (encoded.length === 0) return FunctionLibrary.empty;
    return decoding(
      () => 'The function library of the graph',
      () => {
        const functions: GraphFunction[] = [];
        const gradients: Gradient[] = [];
        const rest: Uint8Array[] = [];
        for (const { number, payload, bytes } of readFields(encoded)) {
          if (number === fields.function && payload) functions.push(GraphFunction.decode(payload));
          else if (number === fields.gradient && payload) gradients.push(decodeGradient(payload));
          else rest.push(bytes);
        }
        return new FunctionLibrary(functions, gradients, rest, encoded);
      },
    );
  }

  get byName(): ReadonlyMap<string, GraphFunction> {
    this.#byName ??= new Map(this.functions.map((each) => [each.name, each]));
    return this.#byName;
  }

  with(functions: readonly GraphFunction[], gradients: readonly Gradient[] = this.gradients): FunctionLibrary {
    return new FunctionLibrary(functions, gradients, this.rest, undefined);
  }

  /** The FunctionDefLibrary as read, or as edited. */
  encode(): Uint8Array {
    if (this.encoded) return this.encoded;
    return Buffer.concat([
      ...this.functions.map((each) => bytesField(fields.function, each.encode())),
      ...this.gradients.map(({ encoded }) => bytesField(fields.gradient, encoded)),
      ...this.rest,
    ]);
  }
}

function decodeGradient(encoded: Uint8Array): Gradient {
  const parts = readFields(encoded);
  const text = (number: number): string =>
    Buffer.from(parts.find((part) => part.number === number)?.payload ?? []).toString('utf8');
  return { functionName: text(gradientFields.function), gradientFunction: text(gradientFields.gradient), encoded };
}
