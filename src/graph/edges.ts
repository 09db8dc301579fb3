/** How the inputs of nodes are written. */

export interface InputEdge {
  readonly node: string;
  /** Output number of `node`; -1 for a control input. */
  readonly port: number;
}

const controlPort = -1;

/** In a graph: `name`, `name:port` or, for a control input, `^name`. */
export function parseInput(text: string): InputEdge {
  if (text.startsWith('^')) return { node: text.slice(1), port: controlPort };
  const colon = text.lastIndexOf(':');
  if (colon < 0) return { node: text, port: 0 };
  return { node: text.slice(0, colon), port: Number(text.slice(colon + 1)) };
}

const [caret, colon, zero] = ['^', ':', '0'].map((character) => character.charCodeAt(0)) as [number, number, number];

/** The port of an input that is bytes `start` to `end`: most of the inputs that a graph has need no text. */
export function portAt(bytes: Uint8Array, start: number, end: number): number {
  if (start < end && bytes[start] === caret) return controlPort;
  let port = 0;
  for (let at = end - 1, place = 1; at >= start; at--, place *= 10) {
    const digit = (bytes[at] as number) - zero;
    if (digit < 0 || digit > 9) return bytes[at] === colon ? port : 0;
    port += digit * place;
  }
  return 0;
}

/** As an input reads an output of a node: `name`, or `name:port` for one that is not the first. */
export function tensorName(node: string, port: number): string {
  return port === 0 ? node : `${node}:${port}`;
}

/** The outputs that are not the first of their op, of all ops that hand handles on. */
const laterOutputs: ReadonlyMap<string, number> = new Map([
  ['output_true', 1],
  ['value_index', 1],
]);

/**
 * In a function's body: `argument`, `node:output_name:index` or `^node`. An output has a name, and an index within it
 * where the name stands for a list.
 */
export function parseBodyInput(text: string): InputEdge {
  if (text.startsWith('^')) return { node: text.slice(1), port: controlPort };
  const [node = '', output = '', index = '0'] = text.split(':');
  return { node, port: laterOutputs.get(output) ?? Number(index) };
}

/** One of the two ways. */
export interface Notation {
  readonly parse: (input: string) => InputEdge;
  /** The output of a node that has one, called `output`. */
  readonly output: (node: string) => string;
}

export const graphNotation: Notation = { parse: parseInput, output: (node) => node };
export const bodyNotation: Notation = { parse: parseBodyInput, output: (node) => `${node}:output:0` };

/** The node that an input comes from, in both. */
export function inputNode(text: string): string {
  if (text.startsWith('^')) return text.slice(1);
  const colon = text.indexOf(':');
  return colon < 0 ? text : text.slice(0, colon);
}

export function isControlInput(text: string): boolean {
  return text.startsWith('^');
}

export function dataInputs({ inputs }: { readonly inputs: readonly string[] }): string[] {
  return inputs.filter((input) => !isControlInput(input));
}
