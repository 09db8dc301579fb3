/** Goes through a graph and the bodies of its functions, and gathers all that is wrong with them. */
import { isPermafrostError, reason } from '../errors.js';
import type { GraphFunction } from '../graph/function.js';
import { reachableFunctions } from '../graph/function-references.js';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import { opSignature } from '../graph/op-signature.js';
import type { Wiring } from '../graph/wiring.js';
import { checkAttributes } from './check-attributes.js';
import { checkCalls } from './check-calls.js';
import { checkConstant } from './check-constant.js';
import { checkFunction } from './check-function.js';
import { checkInputs } from './check-inputs.js';
import { checkLoops } from './check-loops.js';
import { checkColocation, checkName, checkNamesDiffer } from './check-names.js';
import { checkVariable } from './check-variables.js';
import { FindingList, Findings } from './finding.js';
import { NodeAttributes } from './node-attributes.js';
import { type NodeInterface, nodeInterface } from './node-interface.js';
import type { Scope } from './scope.js';

export interface DefectSettings {
  /** Names of the variables that may be left, or `all`. */
  readonly variables: ReadonlySet<string> | 'all';
}

/** What a check remembers from one place to the next. */
interface Progress extends DefectSettings {
  readonly graph: Graph;
  /** Told once each. */
  readonly unknownOps: Set<string>;
  readonly expansion: Scope['expansion'];
}

/** TensorFlow writes the number of a tensor behind its list, in each input. */
const mostExpanded = 100_000;

/** Never throws for what is in the graph: what cannot be decoded is a finding too. */
export function findDefects(graph: Graph, settings: DefectSettings, list: FindingList): void {
  const findings = new Findings(list, undefined, false);
  const progress: Progress = { ...settings, graph, unknownOps: new Set(), expansion: { left: mostExpanded } };
  checkScope(progress, graph.wiring, undefined, findings);
  checkNames(graph, findings);
  const called = calledFunctions(graph);
  for (const body of graph.library.functions) {
    const inside = new Findings(list, body.name, called !== undefined && !called.has(body.name));
    tolerate(inside, undefined, () => checkScope(progress, body.wiring, body, inside));
  }
}

/** @returns undefined where a damaged attribute hides what is called. */
function calledFunctions(graph: Graph): ReadonlySet<string> | undefined {
  return tolerate(new Findings(new FindingList(), undefined, false), undefined, () => reachableFunctions(graph));
}

/** The names in the library: of its functions, and of their gradients. */
function checkNames({ library }: Graph, findings: Findings): void {
  const seen = new Map<string, GraphFunction>();
  for (const body of library.functions) {
    const first = seen.get(body.name);
    seen.set(body.name, body);
    if (!first) continue;
    // TensorFlow takes a function again if it is the same.
    if (Buffer.compare(first.encode(), body.encode()) === 0) {
      findings.warning('NAME_TWICE', undefined, `the library has the function '${body.name}' twice`);
    } else findings.error('NAME_TWICE', undefined, `two functions of the library are called '${body.name}'`);
  }
  for (const { functionName, gradientFunction } of library.gradients) {
    for (const name of [functionName, gradientFunction].filter((each) => !library.byName.has(each))) {
      const message = `the library says that '${gradientFunction}' is the gradient of '${functionName}'; it has no '${name}'`;
      findings.warning('FUNCTION_MISSING', undefined, message);
    }
  }
}

function checkScope(
  { graph: { library }, variables, unknownOps, expansion }: Progress,
  wiring: Wiring,
  body: GraphFunction | undefined,
  findings: Findings,
): void {
  const { nodes } = wiring;
  checkNamesDiffer(wiring, findings);
  const interfaces: (NodeInterface | undefined)[] = [];
  const args = new Map((body?.inputs ?? []).map((argument) => [argument.name, argument]));
  const scope: Scope = {
    function: body,
    nodes,
    wiring,
    arguments: args,
    interfaces,
    library,
    expansion,
    findings,
  };
  nodes.forEach((node, position) => {
    checkName(node, position, scope);
    checkVariable(node, variables, findings);
    interfaces.push(
      tolerate(findings, node.name, () => {
        const attributes = new NodeAttributes(node);
        checkOp(node, attributes, scope, unknownOps);
        if (!body) checkColocation(node, attributes, scope);
        return nodeInterface(node, attributes, library);
      }),
    );
  });
  // What a node takes can be held against what others give only when that is known of all.
  nodes.forEach((node, position) => {
    checkInputs(node, position, scope);
  });
  checkLoops(scope, frameNameOf);
  if (body) checkFunction(body, scope);
}

/** That it cannot be decoded was found before, with all attributes of the node. */
function frameNameOf(enter: GraphNode): string {
  const silent = new Findings(new FindingList(), undefined, true);
  const name = tolerate(silent, enter.name, () => new NodeAttributes(enter).get('frame_name')?.payload);
  return Buffer.from(name ?? []).toString('utf8');
}

/** Everything that a node's op says of its attributes. */
function checkOp(node: GraphNode, attributes: NodeAttributes, scope: Scope, unknownOps: Set<string>): void {
  const { findings, library } = scope;
  const signature = opSignature(node.op);
  if (signature && !library.byName.has(node.op)) {
    checkAttributes(node, signature, attributes, findings, scope.function !== undefined);
  } else if (!signature && !library.byName.has(node.op) && node.op !== '' && !unknownOps.has(node.op)) {
    unknownOps.add(node.op);
    const message = `neither TensorFlow 2.21 nor the library of the graph has an op '${node.op}': its nodes cannot be checked`;
    findings.warning('OP_UNKNOWN', node.name, message);
  }
  checkConstant(node, attributes, findings);
  checkCalls(node, attributes, scope);
}

/** Does `job`, and makes a finding of bytes that it cannot decode. */
function tolerate<T>(findings: Findings, node: string | undefined, job: () => T): T | undefined {
  try {
    return job();
  } catch (error) {
    if (!isPermafrostError(error)) throw error;
    findings.error('NODE_MALFORMED', node, reason(error));
    return undefined;
  }
}
