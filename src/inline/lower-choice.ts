/**
 * If and Case as Switch and Merge. Every branch but the last has a predicate; each argument goes through one Switch after
 * the other, to the branch whose predicate is true first or to the last. What is not taken is dead, and Merge gives out
 * what is alive.
 */
import { readAttribute, readType, readTypes, scalarAttribute } from '../graph/attributes.js';
import { constantNode } from '../graph/constant-node.js';
import { dataInputs, isControlInput } from '../graph/edges.js';
import type { GraphNode } from '../graph/node.js';
import { DataType } from '../proto/data-types.js';
import type { NameAttrList } from '../proto/types.js';
import type { FlatGraph, Results } from './flat-graph.js';
import { handOn, merge, typed } from './plain-nodes.js';

interface Choice {
  readonly node: GraphNode;
  readonly flat: FlatGraph;
  readonly anchors: readonly string[];
  readonly controls: readonly string[];
  /** Types of the arguments. */
  readonly types: readonly number[];
}

/** An If has a condition of any type, a Case an index. */
export function selectorType(node: GraphNode): number {
  return isIf(node) ? readType(node, 'Tcond') : DataType.int32;
}

function isIf({ op }: GraphNode): boolean {
  return op === 'If' || op === 'StatelessIf';
}

export function lowerChoice(node: GraphNode, anchors: readonly string[], flat: FlatGraph): void {
  const [selector = '', ...args] = dataInputs(node);
  const controls = node.inputs.filter(isControlInput);
  const types = readTypes(node, 'Tin');
  const choice: Choice = { node, flat, anchors, controls, types };
  const pivot: Pivot = { name: selector, type: selectorType(node) };
  const branches = branchesOf(node);
  const predicates = isIf(node) ? [predicateOf(pivot, choice)] : indicesOf(selector, branches.length - 1, choice);
  const taken = route(branches, predicates, args, pivot, choice);
  const outTypes = readTypes(node, 'Tout');
  const outputs = outTypes.map((type, index) => {
    const name = `${node.name}/merge_${index}`;
    const results = taken.map((branch) => branch.outputs[index] ?? '');
    flat.push(merge(name, results, type));
    return name;
  });
  const ends = taken.map(({ executed }) => executed);
  flat.push(merge(`${node.name}/executed`, ends, pivot.type));
  flat.push(handOn(node.name, outputs, outTypes, [`^${node.name}/executed`]));
}

function branchesOf(node: GraphNode): readonly NameAttrList[] {
  if (!isIf(node)) return readAttribute(node, 'branches')?.list?.func ?? [];
  return ['then_branch', 'else_branch'].map((name) => readAttribute(node, name)?.func ?? {});
}

/** If takes anything for true that is not zero or empty. */
function predicateOf({ name, type }: Pivot, { node, flat, controls }: Choice): string {
  if (type === DataType.bool) return name;
  const predicate = typed(`${node.name}/predicate`, 'ToBool', [name, ...controls], type);
  flat.push(predicate);
  return predicate.name;
}

/** Case counts its branches; an index that is none of them means the last. */
function indicesOf(selector: string, count: number, { node, flat, anchors }: Choice): string[] {
  return Array.from({ length: count }, (_, index) => {
    const value = scalarAttribute({ dtype: DataType.int32, int_val: [index] });
    const name = `${node.name}/index_${index}`;
    flat.push(constantNode(name, DataType.int32, value, anchors));
    flat.push(typed(`${name}/equal`, 'Equal', [selector, name], DataType.int32));
    return `${name}/equal`;
  });
}

/** A tensor that is alive where a branch is taken, and dead where not. */
interface Pivot {
  readonly name: string;
  readonly type: number;
}

interface Branch extends Results {
  /** Runs when the branch is taken, and after all that it does. */
  readonly executed: string;
}

function route(
  branches: readonly NameAttrList[],
  predicates: readonly string[],
  args: readonly string[],
  selector: Pivot,
  { node, controls, types, flat }: Choice,
): Branch[] {
  let left = args;
  let pivot = selector;
  return branches.map((called, index) => {
    const prefix = `${node.name}/branch_${index}`;
    const predicate = predicates[index];
    if (predicate === undefined) return expandBranch(called, prefix, left, pivot, flat);
    const through = (name: string, data: string, type: number): string => {
      flat.push(typed(`${prefix}_${name}`, 'Switch', [data, predicate, ...controls], type));
      return `${prefix}_${name}`;
    };
    left = left.map((data, arg) => through(`switch_${arg}`, data, types[arg] ?? 0));
    pivot = { ...pivot, name: through('switch_pivot', pivot.name, pivot.type) };
    const taken = (name: string): string => `${name}:1`;
    return expandBranch(called, prefix, left.map(taken), { ...pivot, name: taken(pivot.name) }, flat);
  });
}

function expandBranch(
  called: NameAttrList,
  prefix: string,
  inputs: readonly string[],
  { name, type }: Pivot,
  flat: FlatGraph,
): Branch {
  const pivot = `${prefix}_pivot`;
  flat.push(typed(pivot, 'Identity', [name], type));
  const results = flat.expand(called, { prefix, inputs, anchors: [`^${pivot}`] });
  flat.push(typed(`${prefix}_executed`, 'Identity', [pivot, ...results.controls], type));
  return { ...results, executed: `${prefix}_executed` };
}
