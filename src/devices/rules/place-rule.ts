/** What callers say of where nodes go. */

/** A node goes to the device of the first rule whose conditions all hold. */
export interface PlaceRule {
  /** Its name: `*` stands for any characters, `?` for one. */
  readonly name?: string | undefined;
  /** Something in its name: a regular expression in RE2's syntax, which has no look-around and always ends soon. */
  readonly regex?: string | undefined;
  /** What it does, or one of several. */
  readonly op?: string | readonly string[] | undefined;
  /** Its name begins with that and a slash. */
  readonly scope?: string | undefined;
  /** `gpu:1`, or a device string such as `/job:worker/device:GPU:1`. */
  readonly device: string;
}

/** What a function that places nodes is told of one. */
export interface NodeToPlace {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  /** The device that it has in the graph that was read. */
  readonly device: string;
  /** The function whose body it is in; undefined in the main graph. */
  readonly function: string | undefined;
}

/** Where a node goes; undefined: wherever it would go without. */
export type PlaceNode = (node: NodeToPlace) => string | undefined;

/** Rules as callers hand them over; a text is the path of a JSON file with a list. */
export type PlaceRules = string | readonly PlaceRule[] | PlaceNode;
