/** The edges of data among nodes, in the direction of the data. */
import { isControlInput, type Notation } from './edges.js';
import type { Reader, Wiring } from './wiring.js';

export interface Consumer extends Reader {
  /** Which output of the producer. */
  readonly port: number;
}

/** Who reads the outputs of a node, or an argument, by the number of its name; in the order of the nodes. */
export type Consumers = (producer: number) => readonly Consumer[];

export function dataConsumers(wiring: Wiring, { parse }: Notation): Consumers {
  return (producer) =>
    wiring.readersOf(producer).flatMap((reader) => {
      const text = reader.node.inputs[reader.input] as string;
      return isControlInput(text) ? [] : { ...reader, port: parse(text).port };
    });
}
