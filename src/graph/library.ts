/** The functions of a graph, in their order and by name. */
import { beyond, limits } from '../limits.js';
import { decoding } from '../proto/decoding.js';
import { bytesField, eachField, readFields } from '../proto/wire-fields.js';
import { GraphFunction } from './function.js';

/** Field numbers of FunctionDefLibrary, and of the GradientDef and the RegisteredGradient in it. */
const fields = { function: 1, gradient: 2, registered: 3 } as const;
const gradientFields = { function: 1, gradient: 2 } as const;
const registeredFields = { gradient: 1 } as const;

/** Says which function computes the gradient of another. */
export interface Gradient {
  readonly functionName: string;
  readonly gradientFunction: string;
  /** The encoded GradientDef. */
  readonly encoded: Uint8Array;
}

/** Says which function computes the gradient of ops that have an attribute for it. */
interface RegisteredGradient {
  readonly gradientFunction: string;
  /** The encoded RegisteredGradient. */
  readonly encoded: Uint8Array;
}

export class FunctionLibrary {
  #byName: ReadonlyMap<string, GraphFunction> | undefined;
  #gradientOf: ReadonlyMap<string, string> | undefined;

  private constructor(
    readonly functions: readonly GraphFunction[],
    readonly gradients: readonly Gradient[],
    private readonly registered: readonly RegisteredGradient[],
    /** Other fields, encoded with their tags. */
    private readonly rest: readonly Uint8Array[],
    private readonly encoded: Uint8Array | undefined,
  ) {}

  static readonly empty: FunctionLibrary = new FunctionLibrary([], [], [], [], new Uint8Array(0));

  /**
   * @param encoded a FunctionDefLibrary; the library refers to it, so it must not change afterwards.
   * @throws PermafrostError GRAPH_MALFORMED, LIMIT_EXCEEDED
   */
  static decode(encoded: Uint8Array): FunctionLibrary {
    if (encoded.length === 0) return FunctionLibrary.empty;
    return decoding(
      () => 'The function library of the graph',
      () => {
        const functions: GraphFunction[] = [];
        const gradients: Gradient[] = [];
        const registered: RegisteredGradient[] = [];
        const rest: Uint8Array[] = [];
        const most = limits().functions;
        for (const { number, payload, bytes } of eachField(encoded)) {
          if (number === fields.function && payload) {
            if (functions.length === most) throw beyond('functions', `The graph has more than ${most} functions`);
            functions.push(GraphFunction.decode(payload));
          } else if (number === fields.gradient && payload) gradients.push(decodeGradient(payload));
          else if (number === fields.registered && payload) registered.push(decodeRegistered(payload));
          else rest.push(bytes);
        }
        return new FunctionLibrary(functions, gradients, registered, rest, encoded);
      },
    );
  }

  get byName(): ReadonlyMap<string, GraphFunction> {
    this.#byName ??= new Map(this.functions.map((each) => [each.name, each]));
    return this.#byName;
  }

  /** The names of the functions that compute gradients, by the names of those whose gradients they are. */
  get gradientOf(): ReadonlyMap<string, string> {
    this.#gradientOf ??= new Map(this.gradients.map((each) => [each.functionName, each.gradientFunction]));
    return this.#gradientOf;
  }

  /** The same library, where no function changes. */
  map(change: (each: GraphFunction, index: number) => GraphFunction): FunctionLibrary {
    const functions = this.functions.map(change);
    return functions.some((each, index) => each !== this.functions[index]) ? this.with(functions) : this;
  }

  with(functions: readonly GraphFunction[]): FunctionLibrary {
    return new FunctionLibrary(functions, this.gradients, this.registered, this.rest, undefined);
  }

  /** The functions of these names, and what is said of their gradients. */
  only(names: ReadonlySet<string>): FunctionLibrary {
    const functions = this.functions.filter(({ name }) => names.has(name));
    const registered = this.registered.filter(({ gradientFunction }) => names.has(gradientFunction));
    if (functions.length === this.functions.length && registered.length === this.registered.length) return this;
    const gradients = this.gradients.filter(({ functionName }) => names.has(functionName));
    return new FunctionLibrary(functions, gradients, registered, this.rest, undefined);
  }

  /** The FunctionDefLibrary as read, or as edited. */
  encode(): Uint8Array {
    if (this.encoded) return this.encoded;
    return Buffer.concat([
      ...this.functions.map((each) => bytesField(fields.function, each.encode())),
      ...this.gradients.map(({ encoded }) => bytesField(fields.gradient, encoded)),
      ...this.registered.map(({ encoded }) => bytesField(fields.registered, encoded)),
      ...this.rest,
    ]);
  }
}

function decodeGradient(encoded: Uint8Array): Gradient {
  const text = textsOf(encoded);
  return { functionName: text(gradientFields.function), gradientFunction: text(gradientFields.gradient), encoded };
}

function decodeRegistered(encoded: Uint8Array): RegisteredGradient {
  return { gradientFunction: textsOf(encoded)(registeredFields.gradient), encoded };
}

/** What stands in the text fields of a number. */
function textsOf(encoded: Uint8Array): (number: number) => string {
  const parts = readFields(encoded);
  return (number) => Buffer.from(parts.find((part) => part.number === number)?.payload ?? []).toString('utf8');
}
