import type { GraphNode } from '../../../graph/node.js';
import type { Scope } from '../../scope.js';
import type { RandomValue } from '../random-value.js';

/** A node with what is known of its inputs. */
export interface Operation {
  readonly scope: Scope;
  readonly node: GraphNode;
  /** Data inputs. */
  readonly inputs: readonly string[];
  /** Undefined for one that nothing random is known of. */
  readonly values: readonly (RandomValue | undefined)[];
  /** Names of nodes before this one that are noise, or what makes up for it. */
  readonly noises: ReadonlySet<string>;
}

/** What a node makes of random values; undefined where this is no form of dropout or noise. */
export type Form = (operation: Operation) => RandomValue | undefined;
