/** What holds of functions and of all that call them, be it over others: a few bits each. */
import { referencedFunctions } from './function-references.js';
import type { FunctionLibrary } from './library.js';
import type { GraphNode } from './node.js';

export class CallBits {
  /** By the names of functions, with those of all that they call. */
  readonly #bits = new Map<string, number>();

  /** @param bitsOf what a node of a body has itself, that calls no function by its op. */
  constructor(library: FunctionLibrary, bitsOf: (node: GraphNode) => number) {
    const callers = new Map<string, string[]>(library.functions.map(({ name }) => [name, []]));
    for (const { functionName, gradientFunction } of library.gradients)
      callers.get(gradientFunction)?.push(functionName);
    for (const { name, nodes } of library.functions) {
      for (const node of nodes) {
        const called = [node.op, ...referencedFunctions(node)];
        for (const each of called) callers.get(each)?.push(name);
        if (!library.byName.has(node.op)) this.#add(name, bitsOf(node));
      }
    }
    // A function has few bits, so it is here a few times.
    const waiting = [...this.#bits.keys()];
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      for (const caller of callers.get(name) ?? []) {
        if (this.#add(caller, this.#bits.get(name) ?? 0)) waiting.push(caller);
      }
    }
  }

  /** Of the functions that a node calls. */
  of(node: GraphNode): number {
    if (this.#bits.size === 0) return 0;
    return [node.op, ...referencedFunctions(node)].reduce((bits, name) => bits | (this.#bits.get(name) ?? 0), 0);
  }

  /** Whether that changed anything. */
  #add(name: string, bits: number): boolean {
    const before = this.#bits.get(name) ?? 0;
    if ((before | bits) !== before) this.#bits.set(name, before | bits);
    return (before | bits) !== before;
  }
}
