/** Names of regions and files for the nodes that they belong to. */

export interface Naming {
  /** What the name would be if no other node had it. */
  readonly wanted: (node: string) => string;
  /** The `count`-th name for one that is taken, from 2 on. */
  readonly again: (wanted: string, count: number) => string;
  /** Two names are one where this gives the same for both. */
  readonly identity: (name: string) => string;
  /** Names that no node may have. */
  readonly reserved?: readonly string[];
}

/** Gives each node that it is asked for a name that no other has. */
export function regionNames({ wanted, again, identity, reserved = [] }: Naming): (node: string) => string {
  const taken = new Set(reserved.map(identity));
  const counts = new Map<string, number>();
  return (node) => {
    const first = wanted(node);
    let name = first;
    let count = counts.get(identity(first)) ?? 1;
    while (taken.has(identity(name))) name = again(first, ++count);
    counts.set(identity(first), count);
    taken.add(identity(name));
    return name;
  };
}

/** With an underscore for every byte but ASCII letters and digits, underscores and dots. */
export function sanitised(name: string): string {
  return Buffer.from(name)
    .toString('latin1')
    .replaceAll(/[^A-Za-z0-9_.]/g, '_');
}
