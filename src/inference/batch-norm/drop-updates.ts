/** Moving averages that inference reads are not updated any more: what waited for their updates does not. */
import { readType, typeAttribute } from '../../graph/attributes.js';
import { inputNode, isControlInput } from '../../graph/edges.js';
import type { GraphNode } from '../../graph/node.js';
import type { Scope } from '../scope.js';
import type { Evidence } from './evidence.js';
import { variableKey } from './flow.js';

/** What may stand between an update and those who wait for it: ops without effects. */
const idleOps: ReadonlySet<string> = new Set(['Identity', 'ReadVariableOp', 'Merge', 'Switch', 'RefSwitch', 'Cast']);

/** @param used keys of the variables. */
export function dropUpdates(scope: Scope, evidence: Evidence, used: ReadonlySet<string>): void {
  const waitedFor = new Set<string>();
  for (const { write, variable } of evidence.updates) {
    if (!used.has(variableKey(variable))) continue;
    scope.dropControl(write.name);
    if (isRead(scope, write)) {
      const attributes = new Map([['T', typeAttribute(readType(write, 'T'))]]);
      scope.replace(write.edit({ op: 'Identity', inputs: write.inputs.slice(0, 1), attributes }));
    }
    waitedFor.add(write.name);
  }
  // A set goes on with what is added meanwhile.
  for (const name of waitedFor) {
    for (const reader of allReaders(scope, name)) {
      if (idleOps.has(reader.op)) waitedFor.add(reader.name);
    }
  }
  cutControls(scope, waitedFor);
}

function isRead(scope: Scope, write: GraphNode): boolean {
  return scope.readers(write.name).length > 0;
}

function allReaders({ graph: { wiring } }: Scope, name: string): GraphNode[] {
  const readers: GraphNode[] = [];
  wiring.forEachReader(wiring.numberOf(name), (position) => readers.push(wiring.nodes[position] as GraphNode));
  return readers;
}

function cutControls(scope: Scope, waitedFor: ReadonlySet<string>): void {
  const isCut = (input: string): boolean => isControlInput(input) && waitedFor.has(inputNode(input));
  const waiting = new Set([...waitedFor].flatMap((name) => allReaders(scope, name).map((reader) => reader.name)));
  for (const name of waiting) {
    const node = scope.node(name);
    if (!node?.inputs.some(isCut) || !isRun(scope, name)) continue;
    scope.replace(node.edit({ inputs: node.inputs.filter((input) => !isCut(input)) }));
  }
}

/** A body runs more than its results need. */
function isRun({ functionName, needed }: Scope, name: string): boolean {
  return functionName !== undefined || needed.has(name);
}
