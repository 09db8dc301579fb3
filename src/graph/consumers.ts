/** The edges of data among nodes, in the direction of the data. */
import { isControlInput, type Notation } from './edges.js';
import type { GraphNode } from './node.js';
import type { Wiring } from './wiring.js';

export interface Consumer {
  readonly node: GraphNode;
  readonly position: number;
  /** Which of its inputs. */
  readonly input: number;
  /** Which output of the producer. */
  readonly port: number;
}

/** Of a node, or of an argument, by its name. */
export type ConsumersOf = (producer: string) => readonly Consumer[];

export function dataConsumersByName(wiring: Wiring, notation: Notation): ConsumersOf {
  return (producer) => dataConsumers(wiring, notation, wiring.numberOf(producer));
}

/**
 * Who reads the outputs of a node, or an argument, in the order of the nodes.
 * @param producer the number of its name.
 * @param wanted which nodes are of interest: inputs of the others are not looked at.
 */
export function dataConsumers(
  wiring: Wiring,
  notation: Notation,
  producer: number,
  wanted: (node: GraphNode) => boolean = () => true,
): Consumer[] {
  const consumers: Consumer[] = [];
  const take = (node: GraphNode, position: number, input: number, port: number): unknown =>
    consumers.push({ node, position, input, port });
  forEachDataConsumer(wiring, notation, producer, take, wanted);
  return consumers;
}

/** The same, one after the other, for who keeps less of them: a node may have very many inputs. */
export function forEachDataConsumer(
  wiring: Wiring,
  { parse }: Notation,
  producer: number,
  visit: (node: GraphNode, position: number, input: number, port: number) => void,
  wanted: (node: GraphNode) => boolean = () => true,
): void {
  wiring.forEachReader(producer, (position, input) => {
    const node = wiring.nodes[position] as GraphNode;
    if (!wanted(node)) return;
    const text = node.inputs[input] as string;
    if (!isControlInput(text)) visit(node, position, input, parse(text).port);
  });
}
