/** Turns a function's body into nodes of the graph that calls it: names, inputs and attributes as they are there. */
import { PermafrostError } from '../errors.js';
import { colocatedNodes, colocationAttribute } from '../graph/colocations.js';
import { inputNode, isControlInput, tensorName } from '../graph/edges.js';
import type { GraphFunction } from '../graph/function.js';
import type { FunctionLibrary } from '../graph/library.js';
import type { Attribute, GraphNode } from '../graph/node.js';
import type { AttrValue } from '../proto/types.js';
import type { Expansion, Results } from './flat-graph.js';
import { GivenAttributes } from './given-attributes.js';
import { outputNumber } from './output-number.js';

/**
 * @param attributes what the call gives for the attributes that the body leaves open.
 * @throws PermafrostError GRAPH_INVALID where the body names what is not there.
 */
export function instantiate(
  called: GraphFunction,
  { prefix, inputs, anchors }: Expansion,
  attributes: Readonly<Record<string, AttrValue>>,
  library: FunctionLibrary,
): Results & { nodes: readonly GraphNode[] } {
  const nodes = new Map(called.nodes.map((node) => [node.name, node]));
  const given = new GivenAttributes(attributes);
  const args = new Map(called.inputs.map(({ name }, index) => [name, inputs[index]]));
  const resolve = (input: string): string => {
    const name = inputNode(input);
    const node = nodes.get(name);
    const argument = args.get(name);
    if (node && isControlInput(input)) return `^${prefix}/${name}`;
    if (node) {
      const port = outputNumber(library, node, input);
      return tensorName(`${prefix}/${name}`, port);
    }
    if (argument !== undefined) return isControlInput(input) ? `^${inputNode(argument)}` : argument;
    throw new PermafrostError(
      'GRAPH_INVALID',
      `The function '${called.name}' uses '${input}', and has no such node or argument. The file may be damaged.`,
    );
  };
  // What hands an argument into a branch is never dead itself: only the anchors tell a node whether the branch is taken.
  const placeInput = (input: string): readonly string[] => {
    const isAfterArgument = isControlInput(input) && !nodes.has(inputNode(input));
    return isAfterArgument ? [...anchors, resolve(input)] : [resolve(input)];
  };
  const placedInputs = (given: readonly string[]): string[] => {
    const placed = given.flatMap(placeInput);
    return [...placed.filter((input) => !isControlInput(input)), ...new Set(placed.filter(isControlInput))];
  };
  const place = (node: GraphNode): GraphNode =>
    node.edit({
      name: `${prefix}/${node.name}`,
      inputs: node.inputs.length > 0 ? placedInputs(node.inputs) : anchors,
      attributes: placedAttributes(node, given, prefix, nodes),
    });
  return {
    nodes: called.nodes.map(place),
    outputs: called.outputs.map(({ name }) => resolve(called.returns.get(name) ?? name)),
    controls: Array.from(called.controlReturns.values(), (name) => resolve(`^${name}`)),
  };
}

function placedAttributes(
  node: GraphNode,
  given: GivenAttributes,
  prefix: string,
  body: ReadonlyMap<string, GraphNode>,
): Map<string, Attribute> {
  const attributes = new Map(Array.from(node.attributes, ([name, value]) => [name, given.fill(value)] as const));
  const colocated = colocatedNodes(node);
  const left = colocated.filter((other) => body.has(other)).map((other) => `${prefix}/${other}`);
  if (left.length > 0) attributes.set('_class', colocationAttribute(left));
  else if (colocated.length > 0) attributes.delete('_class');
  return attributes;
}
