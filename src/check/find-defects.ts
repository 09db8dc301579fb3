/** Goes through a graph and the bodies of its functions, and gathers all that is wrong with them. */
import { isPermafrostError, reason } from '../errors.js';
import type { GraphFunction } from '../graph/function.js';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import { opSignature } from '../graph/op-signature.js';
import { checkAttributes } from './check-attributes.js';
import { checkCalls } from './check-calls.js';
import { checkConstant } from './check-constant.js';
import { checkFunction } from './check-function.js';
import { checkInputs } from './check-inputs.js';
import { checkLoops } from './check-loops.js';
import { checkColocation, checkName } from './check-names.js';
import { checkVariable } from './check-variables.js';
import { type Finding, Findings } from './finding.js';
import { NodeAttributes } from './node-attributes.js';
import { type NodeInterface, nodeInterface } from './node-interface.js';
import { positionsOf, producersOf, type Scope } from './scope.js';

export interface DefectSettings {
  /** Names of the variables that may be left, or `all`. */
  readonly variables: ReadonlySet<string> | 'all';
}

/** Never throws for what is in the graph: what cannot be decoded is a finding too. */
export function findDefects(graph: Graph, settings: DefectSettings): Finding[] {
  const list: Finding[] = [];
  const unknownOps = new Set<string>();
  const check = (nodes: readonly GraphNode[], body: GraphFunction | undefined): void =>
    checkScope(graph, nodes, body, settings, unknownOps, list);
  check(graph.nodes, undefined);
  const seen = new Set<string>();
  for (const body of graph.library.functions) {
    const findings = new Findings(list, body.name);
    if (seen.has(body.name)) findings.error('NAME_TWICE', undefined, 'two functions of the library have this name');
    seen.add(body.name);
    tolerate(findings, undefined, () => check(body.nodes, body));
  }
  for (const { functionName, gradientFunction } of graph.library.gradients) {
    for (const name of [functionName, gradientFunction].filter((each) => !graph.library.byName.has(each))) {
      const message = `the library says that '${gradientFunction}' is the gradient of '${functionName}'; it has no '${name}'`;
      new Findings(list, undefined).warning('FUNCTION_MISSING', undefined, message);
    }
  }
  return list;
}

function checkScope(
  { library }: Graph,
  nodes: readonly GraphNode[],
  body: GraphFunction | undefined,
  { variables }: DefectSettings,
  unknownOps: Set<string>,
  list: Finding[],
): void {
  const findings = new Findings(list, body?.name);
  const positions = positionsOf(nodes, findings);
  const producers = producersOf(nodes, positions);
  const interfaces: (NodeInterface | undefined)[] = [];
  const args = new Map((body?.inputs ?? []).map((argument) => [argument.name, argument]));
  const scope: Scope = {
    function: body,
    nodes,
    positions,
    producers,
    arguments: args,
    interfaces,
    library,
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
  const silent = new Findings([], undefined);
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
