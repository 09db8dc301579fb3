/** The inputs of an op, or its outputs: by their order, and by name. A function may have very many, and very many nodes call it. */

/** An input or output by name: one tensor, or a list. */
export interface Port {
  readonly name: string;
  /** How many tensors. */
  readonly count: number;
  /** One for each tensor, or one for all: DataType numbers, references 100 above; 0 for a type that is not known. */
  readonly types: readonly number[];
}

/** The type of a tensor of a port; undefined where there is none of that number. */
export function typeAt({ count, types }: Port, index: number): number | undefined {
  return index >= 0 && index < count ? types[types.length === 1 ? 0 : index] : undefined;
}

export class Ports {
  /** Tensors of all ports. */
  readonly count: number;
  #types: readonly number[] | undefined;
  /** Whether each is one tensor, as those of functions are. */
  #areSingle: boolean | undefined;
  #byName: ReadonlyMap<string, Port> | undefined;

  constructor(readonly list: readonly Port[]) {
    this.count = list.reduce((sum, port) => sum + port.count, 0);
  }

  /** What the ports say of types, one after the other. */
  get types(): readonly number[] {
    this.#types ??= this.list.flatMap((port) => port.types);
    return this.#types;
  }

  /** Of several ports of that name, the first. */
  named(name: string): Port | undefined {
    this.#byName ??= new Map(this.list.map((port) => [port.name, port] as const).reverse());
    return this.#byName.get(name);
  }

  /** The type of the tensor of that number; undefined where there is none. */
  typeAt(number: number): number | undefined {
    this.#areSingle ??= this.list.every(({ count, types }) => count === 1 && types.length === 1);
    if (this.#areSingle) return this.types[number];
    let first = 0;
    for (const port of this.list) {
      const type = typeAt(port, number - first);
      if (type !== undefined) return type;
      first += port.count;
    }
    return undefined;
  }
}
