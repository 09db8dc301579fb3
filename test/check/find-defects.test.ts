import { describe, expect, it } from 'vitest';
import { type DefectSettings, findDefects } from '../../src/check/find-defects.js';
import { type Finding, FindingList } from '../../src/check/finding.js';
import type { Graph } from '../../src/graph/graph.js';
import { call, libraryOf } from '../support/functions.js';
import {
  float,
  graphOf,
  handleVariable,
  identity,
  type NodeLiteral,
  placeholder,
  readVariable,
  refVariable,
  typeAttr,
} from '../support/graph-def.js';

const none: ReadonlySet<string> = new Set();

function defectsOf(graph: Graph, settings: DefectSettings): readonly Finding[] {
  const list = new FindingList();
  findDefects(graph, settings, list);
  return list.all;
}

function findings(
  nodes: readonly NodeLiteral[],
  more: object = {},
  variables: ReadonlySet<string> | 'all' = none,
): string[] {
  return defectsOf(graphOf(nodes, more), { variables }).map(
    ({ severity, code, node, function: body }) => `${severity} ${code} ${body ?? ''}:${node}`,
  );
}

describe('variables', () => {
  const nodes = [refVariable('v', float, 2), handleVariable('h', float, 2), identity('y', 'v'), readVariable('z', 'h')];

  it('are errors, each of them', () => {
    expect(findings(nodes)).toEqual(['error VARIABLE_LEFT :v', 'error VARIABLE_LEFT :h']);
  });
  it('may be kept by name', () => {
    expect(findings(nodes, {}, new Set(['h', 'not there']))).toEqual(['error VARIABLE_LEFT :v']);
  });
  it('may all be there', () => {
    expect(findings(nodes, {}, 'all')).toEqual([]);
  });
  it('are found in functions', () => {
    const inner = handleVariable('inner', float, 2);
    const read = { ...readVariable('read', 'inner:resource:0') };
    const library = libraryOf({
      f: { inputs: { a: float }, outputs: { r: float }, nodes: [inner, read], returns: { r: 'read:value:0' } },
    });
    expect(findings([placeholder('x'), call('y', ['x'], 'f', [float])], { library })).toEqual([
      'error VARIABLE_LEFT f:inner',
    ]);
  });
});

describe('ops that nobody knows', () => {
  it('are one warning each, whatever their nodes have and whoever reads them', () => {
    const odd = (name: string, op: string): NodeLiteral => ({ name, op, input: ['x'], attr: { odd: typeAttr(float) } });
    const nodes = [placeholder('x'), odd('a', 'First'), odd('b', 'First'), odd('c', 'Second'), identity('y', 'b:7')];
    expect(findings(nodes)).toEqual(['warning OP_UNKNOWN :a', 'warning OP_UNKNOWN :c']);
  });
  it('hide no input that is missing', () => {
    expect(findings([{ name: 'a', op: 'First', input: ['gone'] }])).toContain('error INPUT_MISSING :a');
  });
});

describe('a library', () => {
  const body = { inputs: { a: float }, outputs: { r: float }, nodes: [], returns: { r: 'a' } };

  it('has each name once', () => {
    const other = { ...body, inputs: { a: float, b: float } };
    const twice = { function: [...functionsOf({ f: body }), ...functionsOf({ f: other })] };
    expect(findings([placeholder('x')], { library: twice })).toEqual(['error NAME_TWICE :undefined']);
  });
  it('that names a gradient that is not there draws a warning', () => {
    const library = { function: functionsOf({ f: body }), gradient: [{ function_name: 'f', gradient_func: 'gone' }] };
    expect(findings([placeholder('x')], { library })).toEqual(['warning FUNCTION_MISSING :undefined']);
  });
  it('may leave types to the attributes of a call', () => {
    const polymorphic = {
      signature: {
        name: 'f',
        input_arg: [{ name: 'a', type_attr: 'T' }],
        output_arg: [{ name: 'r', type_attr: 'T' }],
        attr: [{ name: 'T', type: 'type' }],
      },
      node_def: [{ name: 'i', op: 'Identity', input: ['a'], attr: { T: { placeholder: 'T' } } }],
      ret: { r: 'i:output:0' },
    };
    const node = { name: 'y', op: 'f', input: ['x'], attr: { T: typeAttr(float) } };
    expect(findings([placeholder('x'), node], { library: { function: [polymorphic] } })).toEqual([]);
  });

  function functionsOf(functions: Parameters<typeof libraryOf>[0]): object[] {
    return (libraryOf(functions) as { function: object[] }).function;
  }
});

it('an attribute that cannot be decoded is a finding', () => {
  const bytes = Buffer.from('broken');
  const nodes = graphOf([placeholder('x')]).nodes.map((node) => node.edit({ attributes: new Map([['dtype', bytes]]) }));
  const graph = graphOf([placeholder('x')]).withNodes(nodes);
  expect(defectsOf(graph, { variables: none }).map(({ code, node }) => [code, node])).toEqual([
    ['NODE_MALFORMED', 'x'],
  ]);
});

it('a graph of 100,000 nodes in a row is checked without recursion', () => {
  const chain = Array.from({ length: 100_000 }, (_, i) => identity(`n${i}`, i === 0 ? 'x' : `n${i - 1}`));
  expect(findings([placeholder('x'), ...chain])).toEqual([]);
});

describe('a graph that lies', () => {
  it('about the number of its tensors takes neither time nor memory', () => {
    const split = (name: string): NodeLiteral => ({
      name,
      op: 'Split',
      input: ['zero', 'x'],
      attr: { num_split: { i: 2 ** 31 - 1 }, T: typeAttr(float) },
    });
    const nodes = [placeholder('x'), placeholder('zero', 3), ...Array.from({ length: 2000 }, (_, i) => split(`s${i}`))];
    expect(findings([...nodes, identity('y', 's0:2147483646'), identity('z', 's0:2147483647')])).toEqual([
      'error INPUT_PORT :z',
    ]);
  });
  it('about the inputs that it needs draws one error', () => {
    const node = { name: 'y', op: 'AddN', input: ['x'], attr: { N: { i: 2 ** 31 - 1 }, T: typeAttr(float) } };
    expect(findings([placeholder('x'), node])).toEqual(['error INPUT_COUNT :y']);
  });
  it('about the name of a loop is told, and not thrown out', () => {
    const enter = { name: 'e', op: 'Enter', input: ['x'], attr: { T: typeAttr(float) } };
    const [x, e] = graphOf([placeholder('x'), enter]).nodes;
    const broken = e?.edit({ attributes: new Map([...e.attributes, ['frame_name', Buffer.from('broken')]]) });
    const graph = graphOf([]).withNodes([x, broken].filter((node) => node !== undefined));
    expect(defectsOf(graph, { variables: none }).map(({ code }) => code)).toContain('NODE_MALFORMED');
  });
});
