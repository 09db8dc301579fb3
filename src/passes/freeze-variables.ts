/**
 * Freezing is retyping: a variable becomes a constant, and from there every edge that carried its handle or reference
 * carries the value, in the graph and in the functions that it is handed to. `value-flow.ts` follows those edges,
 * `value-rules.ts` says what each op becomes, and `specialize.ts` what becomes of functions.
 */
import { Tensor } from '../evaluate/tensor.js';
import { encodeConstant } from '../evaluate/tensor-proto.js';
import { constantNode } from '../graph/constant-node.js';
import { graphNotation } from '../graph/edges.js';
import { reachableFunctions } from '../graph/function-references.js';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import { handleOp, variableType } from '../graph/variables.js';
import { Expanding } from '../graph/weight.js';
import type { FrozenValue } from './evaluate-initializers.js';
import { Specializer } from './retyping/specialize.js';
import { type FlowSettings, ValueFlow } from './retyping/value-flow.js';

/**
 * @param values the tensor of each variable that becomes a constant, by the variable's name, in the graph's order.
 * @throws PermafrostError VARIABLE_NOT_FREEZABLE where a kept op writes to such a variable, or needs its handle;
 * GRAPH_INVALID where a function that gets one is missing, or calls itself; LIMIT_EXCEEDED where there are too many variants.
 */
export function freezeVariables(
  graph: Graph,
  values: ReadonlyMap<string, FrozenValue>,
  settings: FlowSettings = { tfParity: false },
): Graph {
  const expanding = new Expanding(graph, 'as variants for the values that they are handed');
  const specializer = new Specializer(graph.library, settings, expanding);
  const { wiring } = graph;
  const scope = { wiring, notation: graphNotation, functionName: undefined };
  const flow = new ValueFlow(scope, specializer, settings);
  for (const [name, tensor] of values) {
    const position = wiring.positionOf(name);
    const node = graph.nodes[position] as GraphNode;
    const kind = node.op === handleOp ? 'handle' : 'reference';
    const device = settings.tfParity ? '' : node.device;
    flow.replace(position, constant(name, tensor, device));
    flow.follow(wiring.numbers[position] as number, {
      variable: name,
      dtype: variableType(node),
      shape: tensor.shape,
      kind,
    });
  }
  const frozen = graph.withNodes(flow.finish().nodes);
  return specializer.variants.size === 0 ? frozen : withVariants(frozen, specializer);
}

/** A function's variants take its place; it stays beside them where something still calls it as it was. */
function withVariants(graph: Graph, { variants }: Specializer): Graph {
  const all = graph.library.functions.flatMap((each) => [each, ...(variants.get(each.name) ?? [])]);
  const needed = reachableFunctions(graph.withLibrary(graph.library.with(all)));
  const isLeft = (name: string): boolean => !variants.has(name) && graph.library.byName.has(name);
  return graph.withLibrary(graph.library.with(all.filter(({ name }) => needed.has(name) || isLeft(name))));
}

/** Everything but dtype, value and device is gone from a constant: shape, container, sharing, colocation. */
function constant(name: string, tensor: FrozenValue, device: string): GraphNode {
  const value = tensor instanceof Tensor ? encodeConstant(tensor) : tensor;
  const node = constantNode(name, tensor.dtype, value);
  return device === '' ? node : node.edit({ device });
}
