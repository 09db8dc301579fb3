// Graphs that are large, deep or tangled for their size.
import { describe } from 'vitest';
import {
  float,
  floatNode,
  graphDef,
  identity,
  type NodeLiteral,
  refVariable,
  stringsAttr,
  typeAttr,
} from '../support/graph-def.js';
import { smallNodes } from '../support/model.js';
import { message } from '../support/write-bundle.mjs';
import { type Attack, filledGraph, freezing, hostileSize, times, withstands } from './attack.js';

const head = graphDef(smallNodes.slice(0, 3));

/** Nodes that fill a file, and `y` at its end, which needs the last of them. */
function filled(nodeAt: (index: number, before: string) => NodeLiteral): Buffer {
  let last = 'x';
  const nodes = filledGraph((index) => {
    const node = nodeAt(index, index === 0 ? 'x' : `n${index - 1}`);
    last = index === 0 ? 'x' : `n${index - 1}`;
    return node;
  }, head);
  return Buffer.concat([nodes, graphDef([floatNode('Mul', 'y', last, 'w/read')])]);
}

/** The small model with more attributes, encoded, of `y`. */
function withEntries(...entries: Uint8Array[]): Buffer {
  const type = Buffer.from('0a015412023001', 'hex');
  const fields = [message(1, Buffer.from('y')), message(2, Buffer.from('Mul')), message(3, Buffer.from('x'))];
  const attributes = [type, ...entries].map((entry) => message(5, entry));
  return Buffer.concat([
    head,
    message(1, Buffer.concat([...fields, message(3, Buffer.from('w/read')), ...attributes])),
  ]);
}

function entry(name: string, value: Uint8Array): Buffer {
  return Buffer.concat([message(1, Buffer.from(name)), message(2, value)]);
}

/** Of one output. */
const manyShapes = (): Buffer =>
  withEntries(entry('_output_shapes', message(1, Buffer.alloc(800_000, Buffer.from([0x3a, 0])))));

const checked = (graph: Uint8Array): Attack => ({ files: { 'graph.pb': graph }, args: ['check', 'graph.pb'] });

describe('a graph of', () => {
  withstands({
    'nodes of ten bytes each': [
      'GRAPH_INVALID',
      () => freezing(filledGraph((index) => ({ name: index.toString(36), op: 'A' }), graphDef(smallNodes))),
    ],
    'a chain of Identity': [
      undefined,
      () =>
        freezing(
          filled((index, before) => identity(`n${index}`, before)),
          '--optimize',
        ),
    ],
    'a chain of Neg': [
      undefined,
      () =>
        freezing(
          filled((index, before) => floatNode('Neg', `n${index}`, before)),
          '--layout',
          'tfjs',
        ),
    ],
    'nodes with 2^n paths through them': [
      undefined,
      () =>
        freezing(
          filled((index, before) => floatNode('AddV2', `n${index}`, before, before)),
          '--inference',
        ),
    ],
    'a frame in a frame in a frame': [
      undefined,
      () =>
        freezing(
          filled((index, before) => ({
            name: `n${index}`,
            op: 'Enter',
            input: [before],
            attr: { T: typeAttr(float), frame_name: { s: Buffer.from(`${index}`) } },
          })),
          '--inline',
        ),
    ],
    'assignments one after the other': [
      undefined,
      () => freezing(filled((index, before) => floatNode('AssignAdd', `n${index}`, index === 0 ? 'w' : before, 'x'))),
    ],
    'variables that nothing stores': [
      'VARIABLE_NOT_IN_CHECKPOINT',
      () => freezing(filled((index) => refVariable(`n${index}`, float, 2))),
    ],
    'one node with 240,000 inputs': [
      undefined,
      () =>
        freezing(
          Buffer.concat([
            head,
            graphDef([{ ...floatNode('AddN', 'y'), input: ['w/read', ...Array.from({ length: 240_000 }, () => 'x')] }]),
          ]),
          '--place',
          'npu:0,gpu:0,cpu',
        ),
    ],
    'nodes that each wait for 350 others': [
      undefined,
      () => {
        const from = Array.from({ length: 350 }, (_, index) => identity(`p${index}`, 'x'));
        const to = from.map((_, index) => floatNode('Neg', `q${index}`, 'x', ...from.map(({ name }) => `^${name}`)));
        return freezing(
          Buffer.concat([
            head,
            graphDef([...from, ...to, floatNode('Mul', 'y', 'x', 'w/read', ...to.map(({ name }) => `^${name}`))]),
          ]),
          '--inference',
        );
      },
    ],
    'nodes that are each with 300 others': [
      undefined,
      () => {
        const classes = stringsAttr(...Array.from({ length: 300 }, (_, index) => `loc:@n${index}`));
        return freezing(
          filled((index, before) => ({
            ...floatNode('Neg', `n${index}`, before),
            attr: { T: typeAttr(float), _class: classes },
          })),
          '--place',
          'npu:0,gpu:0,cpu',
        );
      },
    ],
    'names of half a megabyte': [
      'LIMIT_EXCEEDED',
      () => {
        const long = 'n'.repeat(480_000);
        return freezing(Buffer.concat([head, graphDef([identity(long, 'x'), floatNode('Mul', 'y', long, 'w/read')])]));
      },
    ],
    '60,000 attributes of one node': [
      undefined,
      () =>
        freezing(
          withEntries(...Array.from({ length: 60_000 }, (_, index) => entry(`a${index}`, Buffer.from([0x18, 1])))),
          '--inference',
        ),
    ],
    '400,000 shapes of one output': [undefined, () => checked(manyShapes())],
    '400,000 shapes of one output, for TensorFlow.js': [undefined, () => freezing(manyShapes(), '--layout', 'tfjs')],
    'a cycle through all of it': [
      'GRAPH_INVALID',
      () => freezing(filled((index, before) => identity(`n${index}`, index === 0 ? 'y' : before))),
    ],
    'ops with a million outputs': [
      undefined,
      () =>
        checked(
          graphDef([
            ...smallNodes,
            ...Array.from(
              { length: 50 },
              (_, index): NodeLiteral => ({
                name: `u${index}`,
                op: 'Unpack',
                input: ['x'],
                attr: { T: typeAttr(float), num: { i: 1_000_000 } },
              }),
            ),
          ]),
        ),
    ],
  });
});

describe('a text of', () => {
  withstands({
    'empty nodes': ['GRAPH_INVALID', () => freezing(times('node{}'))],
    'integers in a list': [
      undefined,
      () => checkedText(`node{name:"y" op:"Const" attr{key:"value" value{list{i:[${times('1,', 980_000)}1]}}}}`),
    ],
    'messages in messages': [
      undefined,
      () => checkedText(times(`node{name:"y" ${'attr{key:"a"value{func{'.repeat(20)}${'}}}'.repeat(20)}}`)),
    ],
    'strings in pieces': [
      undefined,
      () => checkedText(`node{name:"y" op:"NoOp" attr{key:"s" value{s:${times('"a"', 980_000)}}}}`),
    ],
    functions: [
      'LIMIT_EXCEEDED',
      () => checkedText(`node{name:"y" op:"NoOp"} library{${times('function{}', 980_000)}}`),
    ],
  });
});

function checkedText(text: string): Attack {
  return { files: { 'graph.pb': text.slice(0, hostileSize) }, args: ['check', 'graph.pb'] };
}
