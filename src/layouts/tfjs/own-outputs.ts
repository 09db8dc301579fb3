/**
 * TensorFlow.js knows an output by its node: of two that come from one node, it gives one for both. And a constant or an
 * input that it hands out is gone for the next run when a caller disposes of it. Such an output gets a node of its own.
 */
import { typeAttribute } from '../../graph/attributes.js';
import { parseInput } from '../../graph/edges.js';
import { freeName } from '../../graph/free-name.js';
import type { Graph } from '../../graph/graph.js';
import { GraphNode } from '../../graph/node.js';
import type { SignatureTensor } from '../../io/signature.js';
import { dataTypeNumber } from '../../proto/data-types.js';
import type { OfferedTensors } from './signature.js';

export function ownOutputs(graph: Graph, offered: OfferedTensors): [graph: Graph, offered: OfferedTensors] {
  const uses = new Map<string, number>();
  for (const { tensor } of offered.outputs) {
    const { node } = parseInput(tensor);
    uses.set(node, (uses.get(node) ?? 0) + 1);
  }
  const added: GraphNode[] = [];
  const outputs = offered.outputs.map((output, index): SignatureTensor => {
    const { node, port } = parseInput(output.tensor);
    const isPlain = port === 0 && uses.get(node) === 1 && !isHandedOut(graph.byName.get(node)?.op);
    if (isPlain) return output;
    const name = freeName(`${node}/output_${index}`, (taken) => graph.byName.has(taken));
    const type = new Map([['T', typeAttribute(dataTypeNumber(output.dtype))]]);
    added.push(GraphNode.create(name, 'Identity', [output.tensor], type));
    return { ...output, tensor: `${name}:0` };
  });
  return [graph.withNodes([...graph.nodes, ...added]), { ...offered, outputs }];
}

function isHandedOut(op: string | undefined): boolean {
  return op === 'Const' || op?.startsWith('Placeholder') === true;
}
