// Binary graphs that are damaged or lie.
import { rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isPermafrostError } from '../../src/index.js';
import { hex } from '../support/bytes.js';
import { namesIn } from '../support/folder.js';
import { freeze } from '../support/freeze.js';
import { encode, graphDef, type NodeLiteral } from '../support/graph-def.js';
import { type SmallModel, smallModel, smallNodes } from '../support/model.js';
import { expectRefused } from '../support/refusal.js';
import { message, varint } from '../support/write-bundle.mjs';

function withGraph(bytes: Uint8Array): SmallModel {
  const model = smallModel();
  writeFileSync(model.graph, bytes);
  return model;
}

/** The small graph and, after it, one node of these bytes. */
function withNode(bytes: Uint8Array): SmallModel {
  return withGraph(Buffer.concat([graphDef(smallNodes), message(1, bytes)]));
}

/** The small graph with one more attribute of `y`: the bytes of its map entry. */
function withEntry(entry: Uint8Array): SmallModel {
  const [y] = smallNodes.slice(-1);
  const node = Buffer.concat([encode('NodeDef', y as NodeLiteral), message(5, entry)]);
  return withGraph(Buffer.concat([graphDef(smallNodes.slice(0, -1)), message(1, node)]));
}

function nested(levels: number, wrap: (inner: Buffer) => Buffer): Buffer {
  let bytes = Buffer.alloc(0);
  for (let level = 0; level < levels; level++) bytes = Buffer.from(wrap(bytes));
  return bytes;
}

/** Whether it was frozen; a failure must be a PermafrostError and leave nothing. */
async function frozen({ graph, checkpoint, out, outFolder }: SmallModel): Promise<boolean> {
  try {
    await freeze({ graph, checkpoint, outputs: 'y', out });
    rmSync(out);
    return true;
  } catch (error) {
    expect(isPermafrostError(error), String(error)).toBe(true);
    expect(namesIn(outFolder)).toEqual([]);
    return false;
  }
}

describe('a GraphDef', () => {
  it('cut at any byte is refused, but for what follows its last node', async () => {
    const model = smallModel();
    const nodes = graphDef(smallNodes).length;
    const whole = graphDef(smallNodes, { versions: { producer: 2474, min_consumer: 12 } });
    for (let size = 0; size < whole.length; size++) {
      writeFileSync(model.graph, whole.subarray(0, size));
      expect(await frozen(model), `cut after ${size} bytes`).toBe(size === nodes);
    }
  });
  it('with any byte changed is frozen or refused', async () => {
    const model = smallModel();
    const whole = graphDef(smallNodes, {
      versions: { producer: 2474 },
      library: { function: [{ signature: { name: 'f' } }] },
    });
    let refused = 0;
    for (let at = 0; at < whole.length; at++) {
      for (const flip of [0x01, 0x80, 0xff]) {
        const bytes = Buffer.from(whole);
        bytes.writeUInt8(bytes.readUInt8(at) ^ flip, at);
        writeFileSync(model.graph, bytes);
        if (!(await frozen(model))) refused++;
      }
    }
    expect(refused).toBeGreaterThan(whole.length);
  });
  it('of random bytes is refused', async () => {
    const model = smallModel();
    let state = 1;
    for (let round = 0; round < 200; round++) {
      const bytes = Buffer.alloc(1 + (round % 97));
      for (let at = 0; at < bytes.length; at++) {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        bytes.writeUInt8(state >>> 24, at);
      }
      writeFileSync(model.graph, bytes);
      expect(await frozen(model), bytes.toString('hex')).toBe(false);
    }
  });
  it('that claims a node of 4 GB', () => {
    const bytes = Buffer.concat([graphDef(smallNodes), hex('0a ffffffff0f 0a0161')]);
    return expectRefused(
      withGraph(bytes),
      'GRAPH_MALFORMED',
      /is not a whole GraphDef: length 4294967295 passes the end/,
    );
  });
  it('with an endless varint for a length', () => {
    const bytes = Buffer.concat([graphDef(smallNodes), hex('0a ffffffffffffffffffffff01')]);
    return expectRefused(withGraph(bytes), 'GRAPH_MALFORMED', /is not a whole GraphDef/);
  });
  it('with field number 0', () => {
    const bytes = Buffer.concat([graphDef(smallNodes), hex('0001')]);
    return expectRefused(
      withGraph(bytes),
      'WRONG_FILE_KIND',
      /is a file of no kind that permafrost knows, not a graph/,
    );
  });
  it('with field number 0 behind the part that is looked at first', () => {
    const many = Array.from({ length: 100 }, (_, index) => ({ name: `n${index}`, op: 'NoOp' }));
    const bytes = Buffer.concat([graphDef(many), hex('0001')]);
    return expectRefused(withGraph(bytes), 'GRAPH_MALFORMED', /is not a whole GraphDef: illegal tag: field number 0/);
  });
  it('with 10,000 groups inside each other', () => {
    const groups = Buffer.alloc(10_000, 0x33);
    return expectRefused(withGraph(Buffer.concat([graphDef(smallNodes), groups])), 'GRAPH_MALFORMED', /not a whole/);
  });
  it('with a library that is no message', () => {
    const bytes = Buffer.concat([graphDef(smallNodes), message(2, hex('0a05 61'))]);
    return expectRefused(withGraph(bytes), 'GRAPH_MALFORMED', /library/);
  });
  it('with versions that are no message', () => {
    const bytes = Buffer.concat([graphDef(smallNodes), message(4, hex('08'))]);
    return expectRefused(withGraph(bytes), 'GRAPH_MALFORMED', /versions/);
  });
});

describe('a node', () => {
  it('with a name that passes its end', () =>
    expectRefused(withNode(hex('0a20 61')), 'GRAPH_MALFORMED', /in node 5, near/));
  it('without a name', () => expectRefused(withNode(hex('12044e6f4f70')), 'GRAPH_INVALID', /node without a name/));
  it('without an op', () => expectRefused(withNode(hex('0a0161')), 'GRAPH_INVALID', /without an op \('a'\)/));
  it('of a name that another has', () => {
    return expectRefused(
      withNode(encode('NodeDef', { name: 'y', op: 'NoOp' })),
      'GRAPH_INVALID',
      /two nodes named 'y'/,
    );
  });
  it('with an input that is missing', () => {
    const node = encode('NodeDef', { name: 'a', op: 'Relu', input: ['nobody'] });
    return expectRefused(withNode(node), 'GRAPH_INVALID', /node 'a' \(Relu\) whose input 'nobody' does not exist/);
  });
  it('with an empty input', () => {
    return expectRefused(
      withNode(encode('NodeDef', { name: 'a', op: 'Relu', input: [''] })),
      'GRAPH_INVALID',
      /input ''/,
    );
  });
  it('that is its own input', () => {
    return expectRefused(
      withNode(encode('NodeDef', { name: 'a', op: 'Relu', input: ['a'] })),
      'GRAPH_INVALID',
      /a → a/,
    );
  });
  it('with a NUL in its name', () => {
    const node = encode('NodeDef', { name: 'a\0b', op: 'Relu', input: ['x'] });
    return expectRefused(withNode(node), 'GRAPH_INVALID', /name/);
  });
  it('with a name that is not UTF-8', () => {
    const node = Buffer.concat([hex('0a02 ff61'), encode('NodeDef', { op: 'Relu', input: ['x'] })]);
    return expectRefused(withNode(node), 'GRAPH_MALFORMED', /utf-8/i);
  });
});

describe('an attribute', () => {
  const type = hex('3001');
  it('whose entry passes its end', () => expectRefused(withEntry(hex('0a20 61')), 'GRAPH_MALFORMED', /'y'/));
  it('whose value passes its entry', () => {
    return expectRefused(withEntry(Buffer.concat([hex('0a0161 1220'), type])), 'GRAPH_MALFORMED', /'y'/);
  });
  it('whose value is no AttrValue', () => {
    const value = message(2, hex('4a05 61'));
    return expectRefused(withEntry(Buffer.concat([hex('0a0161'), value])), 'GRAPH_MALFORMED', /'y'/);
  });
  it('with a list of which the length is a lie', () => {
    const value = message(2, Buffer.concat([hex('0a'), varint(2n ** 31n)]));
    return expectRefused(withEntry(Buffer.concat([hex('0a0161'), value])), 'GRAPH_MALFORMED', /'y'/);
  });
  it('of 10,000 functions inside each other', () => {
    // AttrValue { func { attr { value: … } } }
    const deep = nested(10_000, (inner) => message(10, message(2, message(2, inner))));
    return expectRefused(withEntry(Buffer.concat([hex('0a0161'), message(2, deep)])), 'GRAPH_MALFORMED', /'y'.*nested/);
  });
  it('of 10,000 groups inside each other', () => {
    const groups = message(2, Buffer.alloc(10_000, 0x33));
    return expectRefused(withEntry(Buffer.concat([hex('0a0161'), groups])), 'GRAPH_MALFORMED', /'y'/);
  });
});

describe('a variable', () => {
  it('whose shape is no AttrValue', () => {
    const w = Buffer.concat([
      encode('NodeDef', { name: 'w', op: 'VariableV2', attr: { dtype: { type: 1 } } }),
      message(5, Buffer.concat([message(1, Buffer.from('shape')), message(2, hex('3a05 12'))])),
    ]);
    const others = smallNodes.filter(({ name }) => name !== 'w');
    const bytes = Buffer.concat([message(1, w), graphDef(others)]);
    return expectRefused(
      withGraph(bytes),
      'GRAPH_MALFORMED',
      /^Attribute 'shape' of node 'w' \(VariableV2\) cannot be/,
    );
  });
  it('whose dimension is negative beyond -1 counts as open', async () => {
    const shape = { shape: { dim: [{ size: -5 }] } };
    const nodes = smallNodes.map((node) =>
      node.name === 'w' ? { ...node, attr: { dtype: { type: 1 }, shape } } : node,
    );
    expect(await frozen(smallModel(nodes))).toBe(true);
  });
});

describe('a MetaGraphDef', () => {
  it('cut at any byte is refused, but where its graph is whole', async () => {
    const model = smallModel();
    const graph = encode('MetaGraphDef', { graph_def: { node: smallNodes } });
    const whole = encode('MetaGraphDef', { graph_def: { node: smallNodes }, saver_def: { restore_op_name: 'r' } });
    for (let size = 0; size < whole.length; size++) {
      writeFileSync(model.graph, whole.subarray(0, size));
      expect(await frozen(model), `cut after ${size} bytes`).toBe(size === graph.length);
    }
  });
});
