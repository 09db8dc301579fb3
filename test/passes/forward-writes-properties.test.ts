// Graphs put together by chance, most of them such as nobody would write: they are forwarded to sound ones, or refused.
import { expect, it } from 'vitest';
import { isPermafrostError } from '../../src/errors.js';
import { isControlInput, parseInput } from '../../src/graph/edges.js';
import type { Graph } from '../../src/graph/graph.js';
import { throughIdentities } from '../../src/graph/identities.js';
import { validateGraph } from '../../src/graph/validate.js';
import { isVariable } from '../../src/graph/variables.js';
import { forwardWrites } from '../../src/passes/forward-writes.js';
import { freezeVariables } from '../../src/passes/freeze-variables.js';
import { writesThrough } from '../../src/passes/writes/variable-writes.js';
import {
  float,
  graphOf,
  handleVariable,
  type NodeLiteral,
  placeholder,
  refVariable,
  textAttr,
  typeAttr,
} from '../support/graph-def.js';
import { values } from '../support/stored.js';

type Kind = 'reference' | 'handle' | 'value';

/** What an op takes first, how many data inputs it has, and what it gives; `same`: what it takes. */
const ops: readonly (readonly [op: string, takes: Kind, inputs: number, gives: Kind | 'same'])[] = [
  ['Assign', 'reference', 2, 'same'],
  ['AssignAdd', 'reference', 2, 'same'],
  ['AssignSub', 'reference', 2, 'same'],
  ['ScatterAdd', 'reference', 3, 'same'],
  ['ApplyMomentum', 'reference', 5, 'same'],
  ['CountUpTo', 'reference', 1, 'value'],
  ['IsVariableInitialized', 'reference', 1, 'value'],
  ['RefIdentity', 'reference', 1, 'same'],
  ['RefSwitch', 'reference', 2, 'same'],
  ['RefMerge', 'reference', 2, 'same'],
  ['AssignVariableOp', 'handle', 2, 'value'],
  ['AssignAddVariableOp', 'handle', 2, 'value'],
  ['ResourceScatterAdd', 'handle', 3, 'value'],
  ['ReadVariableOp', 'handle', 1, 'value'],
  ['ReadVariableOp', 'handle', 1, 'value'],
  ['ResourceGather', 'handle', 2, 'value'],
  ['Identity', 'handle', 1, 'same'],
  ['Switch', 'handle', 2, 'same'],
  ['Identity', 'reference', 1, 'value'],
  ['Mul', 'reference', 2, 'value'],
  ['Switch', 'value', 2, 'same'],
  ['Merge', 'value', 2, 'same'],
  ['Enter', 'value', 1, 'same'],
  ['Exit', 'value', 1, 'same'],
  ['NextIteration', 'value', 1, 'same'],
  ['Mul', 'value', 2, 'value'],
];

const opsWithoutOutput = new Set(['NoOp', 'AssignVariableOp', 'AssignAddVariableOp', 'ResourceScatterAdd']);

/** Marsaglia's xorshift, so that a failure can be found again. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761 + 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function randomGraph(seed: number): Graph {
  const random = randomNumbers(seed);
  const nodes: NodeLiteral[] = [
    refVariable('v', float, 2),
    refVariable('w', float, 2),
    handleVariable('h', float, 2),
    placeholder('x'),
    placeholder('p', 10),
  ];
  const kinds: Record<Kind, string[]> = { reference: ['v', 'w'], handle: ['h'], value: ['x', 'p'] };
  const pick = (wanted: Kind): string => {
    // Now and then something is given that does not belong there.
    const kind = random(25) === 0 ? (['reference', 'handle', 'value'] as const)[random(3)] : wanted;
    const names = kinds[kind ?? wanted];
    return names[random(names.length)] as string;
  };
  for (let index = 0; index < 12; index++) {
    const [op, takes, count, gives] = ops[random(ops.length)] as (typeof ops)[number];
    const data = Array.from({ length: count }, (_, input) => pick(input === 0 || op === 'RefMerge' ? takes : 'value'));
    const controls = Array.from({ length: random(4) }, () => `^n${random(Math.max(index, 1))}`);
    const input = [...data.slice(random(40) === 0 ? 1 : 0), ...(index > 0 ? controls : [])];
    const attr = { T: typeAttr(float), dtype: typeAttr(float), Tindices: typeAttr(9), frame_name: textAttr('loop') };
    nodes.push({ name: `n${index}`, op, input, attr });
    if (!opsWithoutOutput.has(op)) kinds[gives === 'same' ? takes : gives].push(`n${index}`);
  }
  return graphOf(nodes);
}

/** The nodes that write to the variables that were to become constants. */
function writesTo(graph: Graph, chosen: ReadonlySet<string>): string[] {
  return graph.nodes.flatMap((node) => {
    const [input = ''] = node.inputs;
    const target = isControlInput(input) ? undefined : throughIdentities(graph, input)?.node;
    const kind = target?.op === 'VarHandleOp' ? 'handle' : 'reference';
    return target && chosen.has(target.name) && writesThrough(node, 0, kind) ? node.name : [];
  });
}

/** Inputs that take an output which their producer had in the graph before, and has no more. */
function lostInputs(graph: Graph, before: Graph): string[] {
  return graph.nodes.flatMap(({ inputs }) =>
    inputs.filter((input) => {
      const { node } = parseInput(input);
      const had = !opsWithoutOutput.has(before.byName.get(node)?.op ?? 'Const');
      return !isControlInput(input) && had && graph.byName.get(node)?.op === 'NoOp';
    }),
  );
}

it('every graph is forwarded to a sound one, or refused with a reason', () => {
  let forwarded = 0;
  for (let seed = 1; seed <= 3000; seed++) {
    const graph = randomGraph(seed);
    const chosen = graph.nodes.filter((node) => isVariable(node) && node.name !== 'w');
    try {
      const result = forwardWrites(graph, chosen, ['n11']);
      const names = new Set(chosen.map(({ name }) => name));
      validateGraph(result.graph, `graph ${seed}`);
      const before = writesTo(graph, names);
      const left = writesTo(result.graph, names).filter((name) => before.includes(name));
      expect([seed, left]).toEqual([seed, []]);
      expect([seed, lostInputs(result.graph, graph)]).toEqual([seed, []]);
      validateGraph(freezeVariables(result.graph, values(...names)), `frozen graph ${seed}`);
      if (result.dropped.length > 0) forwarded++;
    } catch (error) {
      if (!isPermafrostError(error) || error.code !== 'VARIABLE_NOT_FREEZABLE') throw error;
    }
  }
  // The test is of little use if nearly all are refused.
  expect(forwarded).toBeGreaterThan(500);
});
