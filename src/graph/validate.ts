/** What every graph must satisfy, before the passes and after each of them. */
import { PermafrostError } from '../errors.js';
import { nearest } from '../nearest.js';
import { describeCycle, findCycle } from './cycle.js';
import { inputNode } from './edges.js';
import type { Graph } from './graph.js';
import type { GraphNode } from './node.js';
import type { Wiring } from './wiring.js';

/**
 * @param source names the graph in messages.
 * @throws PermafrostError GRAPH_INVALID: no nodes, a node without name or op, two of one name, an input that is not
 * there, or a cycle that is no loop.
 */
export function validateGraph({ nodes, wiring }: Graph, source: string): void {
  if (nodes.length === 0) throw invalid(source, 'has no nodes', 'Is it the file you meant?');
  checkNames(wiring, source);
  checkInputs(wiring, source);
  const cycle = findCycle(wiring);
  if (!cycle) return;
  const path = describeCycle(cycle, nodes);
  throw invalid(source, `has a cycle that is no loop: ${path}`, 'Only NextIteration may lead back.');
}

function checkNames(wiring: Wiring, source: string): void {
  const { nodes, numbers, positions } = wiring;
  nodes.forEach((node, index) => {
    const number = numbers[index] as number;
    if (wiring.isSpecial(number)) checkSpecialName(node, index, source);
    if (node.op === '') throw invalid(source, `has a node without an op ('${node.name}')`);
    if (positions[number] !== index) {
      throw invalid(source, `has two nodes named '${node.name}'`, 'Names must be unique.');
    }
  });
}

function checkSpecialName({ name, op }: GraphNode, index: number, source: string): void {
  if (name === '') throw invalid(source, `has a node without a name (node ${index + 1}, op '${op}')`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\x00-\x1f\x7f]/.test(name)) {
    throw invalid(source, `has a node whose name has control characters: ${JSON.stringify(name)}`);
  }
}

function checkInputs(wiring: Wiring, source: string): void {
  const { producers, firstInputs, nodes } = wiring;
  for (let input = 0; input < producers.length; input++) {
    if (wiring.sourceOf(input) >= 0) continue;
    const position = firstInputs.findLastIndex((first) => first <= input);
    const node = nodes[position] as GraphNode;
    const text = node.inputs[input - (firstInputs[position] as number)] as string;
    const near = nearest(inputNode(text), wiring.keys());
    const hint = near.length > 0 ? `The nearest names are ${near.map((name) => `'${name}'`).join(', ')}.` : undefined;
    throw invalid(source, `has a node '${node.name}' (${node.op}) whose input '${text}' does not exist`, hint);
  }
}

function invalid(
  source: string,
  what: string,
  hint = 'The file may be damaged, or was put together by hand.',
): PermafrostError {
  return new PermafrostError('GRAPH_INVALID', `${source} ${what}. ${hint}`);
}
