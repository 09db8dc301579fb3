/** The text form of a node's inputs: `name`, `name:port` or, for a control input, `^name`. */

export interface InputEdge {
  readonly node: string;
  /** Output number of `node`; -1 for a control input. */
  readonly port: number;
}

const controlPort = -1;

export function parseInput(text: string): InputEdge {
  if (text.startsWith('^')) return { node: text.slice(1), port: controlPort };
  const colon = text.lastIndexOf(':');
  if (colon < 0) return { node: text, port: 0 };
  return { node: text.slice(0, colon), port: Number(text.slice(colon + 1)) };
}

/** The node that an input comes from. */
export function inputNode(text: string): string {
  if (text.startsWith('^')) return text.slice(1);
  const colon = text.indexOf(':');
  return colon < 0 ? text : text.slice(0, colon);
}

export function isControlInput(text: string): boolean {
  return text.startsWith('^');
}
