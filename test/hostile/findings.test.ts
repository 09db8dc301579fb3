// Graphs of which thousands of findings have the same long thing to tell.
import { describe } from 'vitest';
import { call, type FunctionLiteral, libraryOf } from '../support/functions.js';
import { float, floatNode, graphDef, intAttr, type NodeLiteral, textAttr, typeAttr } from '../support/graph-def.js';
import { smallNodes } from '../support/model.js';
import { type Attack, withstands } from './attack.js';
import { repeated } from './nodes.js';

function checked(nodes: readonly NodeLiteral[], functions: Readonly<Record<string, FunctionLiteral>> = {}): Attack {
  const graph = graphDef([...smallNodes, ...nodes], { library: libraryOf(functions) });
  return { files: { 'graph.pb': graph }, args: ['check', 'graph.pb', '--json'] };
}

const inputs = Object.fromEntries(repeated(20_000, (at) => [`a${at}`, float]));
const f: FunctionLiteral = { inputs, outputs: { r: float }, nodes: [], returns: { r: 'a0' } };

/** As many as fit into a file, twice. */
const many = Object.fromEntries(repeated(18_000, (at) => [at.toString(36), float]));

describe('of a function of 18,000 results', () => {
  const g: FunctionLiteral = { inputs: { a: float }, outputs: many, nodes: [], returns: {} };
  const sum = (input: string): NodeLiteral => ({ name: 's', op: 'AddN', input: repeated(60_000, () => input) });
  withstands({
    'the last is read 60,000 times': [
      undefined,
      () => checked([{ name: 'k', op: 'g', input: ['x'] }, sum('k:17999')], { g }),
    ],
    'the last is read 60,000 times by its name': [
      undefined,
      () => {
        const nodes = [{ name: 'k', op: 'g', input: ['a'] }, sum('k:dvz:0')];
        return checked([], { g, h: { inputs: { a: float }, outputs: { r: float }, nodes, returns: { r: 's:sum:0' } } });
      },
    ],
  });
});

describe('thousands of findings that tell', () => {
  withstands({
    'the types of 20,000 arguments': [
      undefined,
      () =>
        checked(
          repeated(5_000, (at) => call(`c${at}`, [], 'f', [float])),
          { f },
        ),
    ],
    'the names of 20,000 arguments': [
      undefined,
      () =>
        checked(
          repeated(15_000, (at) => ({ name: `c${at}`, op: 'f' })),
          { f },
        ),
    ],
    'the name of a loop, which has 400,000 characters': [
      undefined,
      () => {
        const attr = { T: typeAttr(float), frame_name: textAttr('f'.repeat(400_000)) };
        const enter = { name: 'e', op: 'Enter', input: ['x'], attr };
        return checked([enter, ...repeated(9_000, (at) => floatNode('AddV2', `n${at}`, 'x', 'e'))]);
      },
    ],
    'the longest name that a node may have, of 300,000 inputs that come from nowhere': [
      undefined,
      () => checked([{ name: 'n'.repeat(16_000), op: 'Neg', input: repeated(300_000, () => 'q') }]),
    ],
    'the longest name that a node may have': [
      undefined,
      () => {
        const attr = Object.fromEntries(repeated(6_000, (at) => [`b${at}`, intAttr(1)]));
        return checked([{ name: 'n'.repeat(16_000), op: 'Neg', input: ['x'], attr: { T: typeAttr(float), ...attr } }]);
      },
    ],
  });
});
