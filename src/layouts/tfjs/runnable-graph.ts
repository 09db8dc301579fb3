/** The frozen graph as TensorFlow.js can run it: flat, without control inputs, and what fills tables apart. */
import { PermafrostError } from '../../errors.js';
import { inputNode } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import { upstream } from '../../graph/upstream.js';
import { validateGraph } from '../../graph/validate.js';
import { inlineFunctions } from '../../inline/inline-functions.js';
import { listNames } from '../../nearest.js';
import { fillDefaults } from '../../passes/fill-defaults.js';
import { fillingOps } from '../../passes/table-initializers.js';
import type { FrozenModel } from '../frozen-model.js';
import { restoreInputs } from '../restore-inputs.js';
import { exactOnWasm } from './exact-on-wasm.js';
import { loopConstants } from './loop-constants.js';
import { mergeCasts } from './merge-casts.js';
import { ownOutputs } from './own-outputs.js';
import { replaceErfc } from './replace-erfc.js';
import { type OfferedTensors, offeredTensors } from './signature.js';
import { withoutControls } from './without-controls.js';

export interface RunnableGraph {
  readonly inference: Graph;
  /** Run once before anything else; a table has the same name in both. */
  readonly initializer: Graph;
  readonly offered: OfferedTensors;
}

export async function runnableGraph(model: FrozenModel): Promise<RunnableGraph> {
  // What a function leaves to its defaults, the loader does not know.
  const flat = fillDefaults(inlineFunctions(model.graph, model.mayGoOn));
  const wanted = await offeredTensors(flat, model.signature, model.outputs);
  const [named, offered] = ownOutputs(restoreInputs(flat, [wanted]), wanted);
  const ends = [...offered.inputs, ...offered.outputs].map(({ tensor }) => inputNode(tensor));
  const fillers = fillersOf(flat, model.tableInitializers);
  const graph = exactOnWasm(replaceErfc(mergeCasts(loopConstants(withoutControls(named)), new Set(ends))));
  const initializer = part(graph, fillers);
  refuseLookups(initializer);
  const inference = part(graph, ends);
  validateGraph(inference, 'The graph model');
  if (initializer.nodes.length > 0) validateGraph(initializer, 'The initializer of the graph model');
  return { inference, initializer, offered };
}

/** The ops themselves: what was called to run them waits for them by a control input, and has nothing to give. */
function fillersOf(graph: Graph, tableInitializers: readonly string[]): string[] {
  const needed = upstream(graph, tableInitializers);
  return graph.nodes.filter(({ name, op }) => fillingOps.has(op) && needed.has(name)).map(({ name }) => name);
}

function part(graph: Graph, ends: readonly string[]): Graph {
  const needed = upstream(graph, ends);
  return graph.withNodes(graph.nodes.filter(({ name }) => needed.has(name)));
}

/** Which table is filled first is for control inputs to say. */
function refuseLookups({ nodes }: Graph): void {
  const lookups = nodes.filter(({ op }) => /^LookupTable(Find|Size)/.test(op)).map(({ name }) => name);
  if (lookups.length === 0) return;
  throw new PermafrostError(
    'UNSUPPORTED',
    `A table is filled with what ${listNames(lookups)} looks up in another, and TensorFlow.js fills tables in any order. ` +
      'Choose outputs that do without it, or another layout.',
  );
}
