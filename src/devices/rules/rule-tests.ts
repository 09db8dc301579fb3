/** What it takes to ask rules whether they are for a node, counted in tests: what a short pattern takes. */
import { beyond, limits } from '../../limits.js';

/** A second or two, however few nodes there are. */
const freeTests = 20_000_000;
const testsOfNode = 10_000;

/** So many characters that a pattern is sought in, or that it looks at one by one, are another test. */
const soughtInTest = 64;
const lookedAtInTest = 16;

/** Of a regular expression, which takes steps at each character: one for each of its instructions, and more besides. */
const testsOfRegex = 20;
const stepsBesides = 32;
const stepsInTest = 32;

export class RuleTests {
  readonly #most = limits().ruleTests;
  #nodes = 0;
  #tests = 0;

  addNode(): void {
    this.#nodes++;
  }

  addPattern(name: string): void {
    this.#add(1 + Math.floor(name.length / soughtInTest));
  }

  addLooks(characters: number): void {
    this.#add(Math.floor(characters / lookedAtInTest));
  }

  addRegex(name: string, instructions: number): void {
    this.#add(testsOfRegex + Math.floor((name.length * (stepsBesides + instructions)) / stepsInTest));
  }

  /** @throws PermafrostError LIMIT_EXCEEDED */
  #add(tests: number): void {
    this.#tests += tests;
    const most = this.#most || Math.max(freeTests, testsOfNode * this.#nodes);
    if (this.#tests <= most) return;
    throw beyond(
      'ruleTests',
      `To tell which rules are for which nodes takes more than ${most} tests. Rules by op, by a scope, or by how names ` +
        'begin or end take few',
    );
  }
}
