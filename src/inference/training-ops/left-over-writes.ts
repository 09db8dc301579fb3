/** Which writes matter to nothing but training: those to variables that no output is computed from. */
import { isControlInput, parseInput } from '../../graph/edges.js';
import type { GraphNode } from '../../graph/node.js';
import { isVariable, variableIdentity } from '../../graph/variables.js';
import type { Scope } from '../scope.js';

/** Ops that hand a variable's handle or reference on. */
const handOn: ReadonlySet<string> = new Set([
  ...['Identity', 'RefIdentity', 'Enter', 'RefEnter', 'Switch', 'RefSwitch'],
]);

export function leftOverWrites(scope: Scope): (writer: GraphNode) => boolean {
  const used = usedVariables(scope);
  return (writer) => {
    const variable = variableOf(scope, writer);
    return variable !== undefined && !used.has(variable);
  };
}

/** The identities of the variables, or of a function's arguments, that the outputs are computed from: along data edges. */
function usedVariables({ graph, outputs }: Scope): Set<string> {
  const { nodes, wiring } = graph;
  const used = new Set<string>();
  const isSeen = new Uint8Array(nodes.length);
  const waiting = Array.from(outputs, (name) => wiring.positionOf(name));
  for (let position = waiting.pop(); position !== undefined; position = waiting.pop()) {
    if (position < 0 || isSeen[position] === 1) continue;
    isSeen[position] = 1;
    const node = nodes[position] as GraphNode;
    const identity = identityOf(node);
    if (identity !== undefined) used.add(identity);
    const sources = wiring.sourcesOf(position);
    node.inputs.forEach((input, index) => {
      if (!isControlInput(input)) waiting.push(sources[index] as number);
    });
  }
  return used;
}

/** What a node writes to; undefined where that is not plain. */
function variableOf({ graph }: Scope, writer: GraphNode): string | undefined {
  let [input] = writer.inputs;
  // A chain cannot be longer than the graph.
  for (let steps = 0; input !== undefined && steps <= graph.nodes.length; steps++) {
    const node = graph.byName.get(parseInput(input).node);
    const identity = node && identityOf(node);
    if (!node || identity !== undefined) return identity;
    [input] = handOn.has(node.op) ? node.inputs : [];
  }
  return undefined;
}

function identityOf(node: GraphNode): string | undefined {
  if (isVariable(node)) return `${node.op} ${variableIdentity(node)}`;
  return node.op === '_Arg' ? node.name : undefined;
}
