import type { Take } from '../writing/take-plan.js';
import { shortTurns } from './short-turns.js';
import type { Leave } from './turns.js';

/**
 * The turn of a freeze. A stream may take as long as it likes, and a freeze that waits for one does nothing: it has no turn then,
 * so that others come. From its first piece on, what it has is a short one for each.
 */
export class PlaceInLine {
  #leave: Leave;
  #isOver = false;

  /** @param leave ends the turn that it begins with. */
  constructor(
    leave: Leave,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.#leave = leave;
  }

  /** Hands over what it is given, in nobody's turn. */
  givenUpDuring(take: Take): Take {
    return async (chunk) => {
      this.#leave();
      await take(chunk);
      const leave = await shortTurns.begin(this.signal);
      this.#leave = leave;
      // It may have failed elsewhere meanwhile.
      if (this.#isOver) leave();
    };
  }

  end(): void {
    this.#isOver = true;
    this.#leave();
  }
}
