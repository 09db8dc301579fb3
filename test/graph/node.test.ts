import { describe, expect, it } from 'vitest';
import { readAttribute, readType } from '../../src/graph/attributes.js';
import { decodeGraph } from '../../src/graph/decode.js';
import { EncodedNodes } from '../../src/graph/encoded-nodes.js';
import type { Graph } from '../../src/graph/graph.js';
import { GraphNode } from '../../src/graph/node.js';
import { planGraph } from '../../src/plan/graph-plan.js';
import { hex } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { graphOf, typeAttr } from '../support/graph-def.js';

/** The bytes of a graph without stored tensors. */
function written(graph: Graph): string {
  const { segments } = planGraph(graph, () => 0);
  return Buffer.concat(segments as Uint8Array[]).toString('hex');
}

// name a, op Op, input b, device /cpu:0, attr T = DT_FLOAT
const plainNode = '0a0161 12024f70 1a0162 22062f6370753a30 2a070a015412023001';
// What TensorFlow writes after the nodes: an empty library and empty versions.
const emptyEnd = '1200 2200';

function decoded(text: string): GraphNode {
  const bytes = hex(text);
  return GraphNode.decode(new EncodedNodes(bytes), 0, bytes.length);
}

describe('decoding', () => {
  it('reads name, op, inputs and device', () => {
    const node = decoded(plainNode);
    expect([node.name, node.op, node.inputs, node.device]).toEqual(['a', 'Op', ['b'], '/cpu:0']);
  });

  it('reads attributes when they are asked for', () => {
    const node = decoded(plainNode);
    expect(readType(node, 'T')).toBe(1);
    expect(readAttribute(node, 'U')).toBeUndefined();
  });

  it('finds attributes however they are written', () => {
    const node = decoded(
      // Tidx = 3 and T = 1, before name and op; U = 2, value before key; V = 4, with lengths of two bytes
      '2a0a 0a0454696478 12023003 2a07 0a0154 12023001 0a0161 12024f70 ' +
        '2a07 12023002 0a0155 2a8900 0a810056 1282003004 ' +
        // W = 5, of a type that takes two bytes; then W = 6, which counts
        '2a08 0a0157 12033085 00 2a07 0a0157 12023006',
    );
    expect(['T', 'Tidx', 'U', 'V', 'W'].map((name) => readType(node, name))).toEqual([1, 3, 2, 4, 6]);
    expect(['Ti', 'Tidxs', 'X', ''].map((name) => node.attribute(name))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('refuses a name that passes the end of its node', () => {
    expect(() => decoded('0a0561')).toThrow();
  });

  it('names the attribute that cannot be decoded', async () => {
    // attr T = a TensorShapeProto that is longer than its AttrValue
    const graph = decodeGraph(hex('0a11 0a0161 12024f70 2a08 0a0154 1203 3a0512'), 'graph.pb');
    const error = await failure(() => readType(graph.nodes[0] as GraphNode, 'T'));
    expect(error.code).toBe('GRAPH_MALFORMED');
    expect(error.message).toMatch(/^Attribute 'T' of node 'a' \(Op\) cannot be decoded: /);
  });
});

describe('a node that nobody edits is written as it was', () => {
  it('byte for byte', () => {
    const graph = decodeGraph(hex(`0a1b ${plainNode}`), 'g');
    expect(written(graph)).toBe(hex(`0a1b ${plainNode} ${emptyEnd}`).toString('hex'));
  });
});

describe('an edit', () => {
  const [node] = graphOf([{ name: 'a', op: 'Op', input: ['b'], device: '/cpu:0', attr: { T: typeAttr(1) } }]).nodes;

  it('changes what it names and keeps the rest', () => {
    const edited = (node as GraphNode).edit({ device: '', inputs: ['c', '^d'] });
    expect([edited.name, edited.op, edited.inputs, edited.device]).toEqual(['a', 'Op', ['c', '^d'], '']);
    expect(readType(edited, 'T')).toBe(1);
  });

  it('leaves the node that it was made of alone', () => {
    (node as GraphNode).edit({ device: '' });
    expect((node as GraphNode).device).toBe('/cpu:0');
  });

  it('keeps debug info, the experimental type and unknown fields', () => {
    // after name and op: fields 6 and 7, and the unknown fields 100 (a number) and 15 (a fixed32)
    const rest = '3203 0a0178 3a02 0801 7d 04030201 a00607';
    const graph = decodeGraph(hex(`0a18 0a0161 12024f70 ${rest}`), 'g');
    const edited = graph.withNodes(graph.nodes.map((each) => each.edit({ device: 'd' })));
    expect(written(edited)).toBe(hex(`0a1b 0a0161 12024f70 220164 ${rest} ${emptyEnd}`).toString('hex'));
  });

  it('keeps them through a second edit', () => {
    const bytes = hex('0a0a 0a0161 12024f70 a00607');
    const graph = decodeGraph(bytes, 'g');
    const edited = graph.withNodes(graph.nodes.map((each) => each.edit({ device: 'd' }).edit({ device: '' })));
    expect(written(edited)).toBe(bytes.toString('hex') + hex(emptyEnd).toString('hex'));
  });
});

describe('a graph', () => {
  it('keeps library and versions as bytes', () => {
    const graph = decodeGraph(hex('2202 0805 1202 0a00'), 'g');
    expect(Buffer.from(graph.library.encode()).toString('hex')).toBe('0a00');
    expect(Buffer.from(graph.versions).toString('hex')).toBe('0805');
  });

  it('joins a library that came in two pieces', () => {
    const graph = decodeGraph(hex('1202 0a00 1202 1200'), 'g');
    expect(Buffer.from(graph.library.encode()).toString('hex')).toBe('0a001200');
  });

  it('says where a damaged file ends', async () => {
    const error = await failure(() => decodeGraph(hex('0a03 0a0161 0a05 0a01'), 'graph.pb'));
    expect(error.code).toBe('GRAPH_MALFORMED');
    expect(error.message).toBe(
      'graph.pb is not a whole GraphDef: length 5 passes the end of its message (in node 2, near byte 7 of 9). ' +
        'The file may be cut off or damaged; export or copy it again.',
    );
  });
});

describe('a node that only gets another device', () => {
  const head = '0a0161 12024f70 1a0162';
  const rest = '2a070a015412023001';
  const gpu = '2204 2f677075';
  const field = (bytes: string): string => `0a${hex(bytes).length.toString(16).padStart(2, '0')}${bytes}`;
  const moved = (bytes: string, ...devices: string[]): string => {
    const graph = decodeGraph(hex(field(bytes)), 'the test graph');
    return written(devices.reduce((each, device) => each.mapNodes((node) => node.edit({ device })), graph));
  };
  const expected = (bytes: string): string => (field(bytes) + emptyEnd).replaceAll(' ', '');

  it('is written with that in the place of the other', () => {
    expect(moved(plainNode, '/gpu')).toBe(expected(`${head} ${gpu} ${rest}`));
    expect(moved(plainNode, '/tpu', '/gpu')).toBe(expected(`${head} ${gpu} ${rest}`));
  });

  it('is written with that where none was', () => {
    expect(moved(`${head} ${rest}`, '/gpu')).toBe(expected(`${head} ${gpu} ${rest}`));
    expect(moved(head, '/gpu')).toBe(expected(`${head} ${gpu}`));
    expect(moved('', '/gpu')).toBe(expected(gpu));
  });

  it('is written without one where that is to be', () => {
    expect(moved(plainNode, '')).toBe(expected(`${head} ${rest}`));
  });

  it('is brought into the canonical form', () => {
    expect(moved(`${rest} 22062f6370753a30 ${head}`, '/gpu')).toBe(expected(`${head} ${gpu} ${rest}`));
  });
});
