/** Whether the functions that a node names are there, and take and give what the node hands over and expects. */
import type { GraphFunction } from '../graph/function.js';
import { functionsOfAttribute } from '../graph/function-references.js';
import type { GraphNode } from '../graph/node.js';
import { opSignature } from '../graph/op-signature.js';
import { shortName } from '../printable.js';
import { decoding } from '../proto/decoding.js';
import { messageType, type NameAttrList } from '../proto/types.js';
import type { NodeAttributes } from './node-attributes.js';
import { functionInterface } from './node-interface.js';
import type { Scope } from './scope.js';
import { fits, typeNames } from './tensor-types.js';

/** Attributes of types, one after the other, that are what a function takes or gives. */
interface CallRule {
  readonly attribute: string;
  readonly takes: readonly string[];
  /** Undefined: one tensor of any type. */
  readonly gives: readonly string[] | undefined;
}

const call: readonly CallRule[] = [{ attribute: 'f', takes: ['Tin'], gives: ['Tout'] }];
const choice: readonly CallRule[] = ['then_branch', 'else_branch'].map((attribute) => ({
  attribute,
  takes: ['Tin'],
  gives: ['Tout'],
}));
const cases: readonly CallRule[] = [{ attribute: 'branches', takes: ['Tin'], gives: ['Tout'] }];
const loop: readonly CallRule[] = [
  { attribute: 'cond', takes: ['T'], gives: undefined },
  { attribute: 'body', takes: ['T'], gives: ['T'] },
];

const rules: ReadonlyMap<string, readonly CallRule[]> = new Map([
  ['PartitionedCall', call],
  ['StatefulPartitionedCall', call],
  ['RemoteCall', call],
  ['If', choice],
  ['StatelessIf', choice],
  ['Case', cases],
  ['StatelessCase', cases],
  ['While', loop],
  ['StatelessWhile', loop],
  ['MapDefun', [{ attribute: 'f', takes: ['Targuments', 'Tcaptured'], gives: ['output_types'] }]],
  ['BatchFunction', [{ attribute: 'f', takes: ['Tin', 'Tcaptured'], gives: ['Tout'] }]],
]);

export function checkCalls(node: GraphNode, attributes: NodeAttributes, scope: Scope): void {
  const { library, findings } = scope;
  const signature = opSignature(node.op);
  for (const { name, kind } of signature?.attributes ?? []) {
    if (!kind.includes('func')) continue;
    for (const called of functionsOfAttribute(node, name)) {
      // An op may stand where a function does.
      if (library.byName.has(called) || opSignature(called)) continue;
      const message = `its attribute '${name}' names the function '${called}', which is not in the library of the graph`;
      findings.error('FUNCTION_MISSING', node.name, message);
    }
  }
  for (const rule of rules.get(node.op) ?? []) checkRule(node, attributes, rule, scope);
}

function checkRule(node: GraphNode, attributes: NodeAttributes, rule: CallRule, { library, findings }: Scope): void {
  const value = attributes.get(rule.attribute);
  const takes = typesOf(rule.takes, attributes);
  const gives = rule.gives && typesOf(rule.gives, attributes);
  if (!value || !takes || (rule.gives && !gives)) return;
  const payloads = value.kind === 'func' ? [value.payload] : value.list.payloads;
  // All branches may be one function.
  for (const name of new Set(payloads.map((payload) => nameOf(node, payload)))) {
    const called = library.byName.get(name);
    const known = called && functionInterface(called);
    if (!called || !known) continue;
    const [inputs, outputs] = [known.inputs.types, known.outputs.types];
    const say = (does: string, types: readonly number[], wanted: string): void =>
      findings.error('FUNCTION_SIGNATURE', node.name, sentence(rule, called, does, types, wanted, node.op));
    if (!match(takes, inputs)) say('takes', inputs, typeNames(takes));
    if (gives && !match(outputs, gives)) say('gives', outputs, typeNames(gives));
    if (!gives && outputs.length !== 1) say('gives', outputs, 'one tensor');
  }
}

function sentence(
  { attribute, takes, gives }: CallRule,
  { name }: GraphFunction,
  does: string,
  types: readonly number[],
  wanted: string,
  op: string,
): string {
  const by = does === 'takes' ? takes : (gives ?? []);
  const source = by.length === 0 ? op : `'${by.join("' and '")}' of the node`;
  return `the function '${shortName(name)}' ('${attribute}') ${does} ${typeNames(types)}, and ${source} says ${wanted}`;
}

function typesOf(names: readonly string[], attributes: NodeAttributes): number[] | undefined {
  const values = names.map((name) => attributes.get(name));
  if (values.some((value) => value?.kind !== 'list')) return undefined;
  return values.flatMap((value) => value?.list.types ?? []);
}

function nameOf(node: GraphNode, payload: Uint8Array): string {
  const { name } = decoding(
    () => `An attribute of node '${node.name}' (${node.op})`,
    () => messageType('NameAttrList').decode(payload) as NameAttrList,
  );
  return name ?? '';
}

function match(given: readonly number[], wanted: readonly number[]): boolean {
  return given.length === wanted.length && given.every((type, index) => fits(type, wanted[index] as number));
}
