/**
 * What a walk of bounded depth has found, by input and depth. Where ways meet again and again, 2^n of them lead through n
 * nodes: none is gone twice.
 */
export class FoundByDepth<Result> {
  readonly #found: Map<string, Result>[] = [];

  /** @param find goes on from the input, where nobody was at this depth. */
  of(input: string, depth: number, find: () => Result): Result {
    const found = this.#found[depth] ?? new Map<string, Result>();
    this.#found[depth] = found;
    if (found.has(input)) return found.get(input) as Result;
    const result = find();
    found.set(input, result);
    return result;
  }
}

/** What such walks have found in a graph, or whatever else does not change. */
export class FoundInGraphs<Result> {
  readonly #byGraph = new WeakMap<object, FoundByDepth<Result>>();

  in(graph: object): FoundByDepth<Result> {
    const found = this.#byGraph.get(graph) ?? new FoundByDepth<Result>();
    this.#byGraph.set(graph, found);
    return found;
  }
}
