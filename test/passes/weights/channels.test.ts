import { describe, expect, it } from 'vitest';
import { ChannelFinder, layOutChannels } from '../../../src/passes/weights/channels.js';
import { call, funcAttr, libraryOf, typesAttr } from '../../support/functions.js';
import {
  float,
  floatNode,
  graphOf,
  identity,
  int32Type,
  intAttr,
  type NodeLiteral,
  placeholder,
  typeAttr,
} from '../../support/graph-def.js';

/** From where to where the axes go that have a scale for each of their places; then those of batches, if there are any. */
function axes(shape: readonly number[], nodes: readonly NodeLiteral[], library: object = {}): number[] {
  const numbers = Object.entries({ zero: 0, one: 1, last: -1, ten: 10 }).map(([name, value]) => number(name, value));
  const graph = graphOf([placeholder('w'), placeholder('x'), ...numbers, ...nodes], { library });
  const { batches, start, end } = new ChannelFinder(graph).axesOf('w', shape);
  return batches === 0 ? [start, end] : [start, end, batches];
}

function number(name: string, value: number): NodeLiteral {
  const tensor = { dtype: int32Type, tensor_shape: {}, int_val: [value] };
  return { name, op: 'Const', attr: { dtype: typeAttr(int32Type), value: { tensor } } };
}

function reader(op: string, inputs: readonly string[], attr: Readonly<Record<string, object>> = {}): NodeLiteral {
  return { name: 'y', op, input: inputs, attr: { T: typeAttr(float), ...attr } };
}

const yes = { b: true };

describe('a channel is what an output of the reader is made of', () => {
  it.each([
    ['MatMul', ['x', 'w'], {}, [30, 20], [1, 2]],
    ['MatMul', ['x', 'w'], { transpose_b: yes }, [30, 20], [0, 1]],
    ['MatMul', ['w', 'x'], {}, [30, 20], [0, 1]],
    ['MatMul', ['w', 'x'], { transpose_a: yes, transpose_b: yes }, [30, 20], [1, 2]],
    ['BatchMatMulV2', ['x', 'w'], {}, [7, 30, 20], [2, 3, 1]],
    ['BatchMatMulV2', ['x', 'w'], { adj_y: yes }, [7, 30, 20], [1, 2, 1]],
    ['BatchMatMulV2', ['w', 'x'], {}, [5, 7, 30, 20], [2, 3, 2]],
    ['BatchMatMulV2', ['x', 'w'], {}, [30, 20], [1, 2]],
    ['Conv2D', ['x', 'w'], {}, [3, 3, 8, 16], [3, 4]],
    ['Conv3D', ['x', 'w'], {}, [3, 3, 3, 8, 16], [4, 5]],
    ['DepthwiseConv2dNative', ['x', 'w'], {}, [3, 3, 8, 2], [2, 4]],
    ['Conv2DBackpropInput', ['s', 'w', 'x'], {}, [3, 3, 16, 8], [2, 3]],
    ['GatherV2', ['w', 'x', 'zero'], {}, [1000, 64], [0, 1]],
    ['GatherV2', ['w', 'x', 'one'], {}, [64, 100, 5], [1, 2]],
    ['GatherV2', ['w', 'x', 'last'], {}, [64, 100], [1, 2]],
    ['GatherV2', ['w', 'x', 'one'], { batch_dims: intAttr(1) }, [64, 100, 5], [1, 2, 1]],
    ['Gather', ['w', 'x'], {}, [1000, 64], [0, 1]],
    ['GatherNd', ['w', 'x'], {}, [1000, 8, 8], [0, 1]],
  ] as const)('%s(%j) %j of %j', (op, inputs, attr, shape, expected) => {
    expect(axes(shape, [reader(op, inputs, attr)])).toEqual(expected);
  });
});

it('ops that hand the weight on are passed through, in a loop too', () => {
  const nodes = [
    identity('read', 'w'),
    floatNode('Enter', 'enter', 'read'),
    floatNode('Merge', 'merge', 'enter', 'next'),
    floatNode('Switch', 'switch', 'merge', 'x'),
    floatNode('NextIteration', 'next', 'switch:1'),
    reader('MatMul', ['x', 'switch:1'], { transpose_b: yes }),
  ];
  expect(axes([30, 20], nodes)).toEqual([0, 1]);
  expect(axes([30, 20], nodes.slice(0, -1))).toEqual([1, 2]);
});

it('however many of them there are', () => {
  const chain = Array.from({ length: 100_000 }, (_, index) =>
    identity(`i${index + 1}`, index === 0 ? 'w' : `i${index}`),
  );
  expect(axes([30, 20], [...chain, reader('MatMul', ['i100000', 'x'])])).toEqual([0, 1]);
});

describe('in a function that gets the weight', () => {
  const body = (op: string): object =>
    libraryOf({
      f: {
        inputs: { a: float, b: float },
        outputs: { r: float },
        nodes: [{ name: 'y', op, input: ['a', 'b'], attr: { transpose_b: yes } }],
        returns: { r: 'y:product:0' },
      },
    });

  it('its reader there counts', () => {
    expect(axes([30, 20], [call('c', ['x', 'w'], 'f', [float, float])], body('MatMul'))).toEqual([0, 1]);
    expect(axes([30, 20], [call('c', ['w', 'x'], 'f', [float, float])], body('MatMul'))).toEqual([0, 1]);
    expect(axes([30, 20], [call('c', ['x', 'w'], 'f', [float, float])], body('Add'))).toEqual([1, 2]);
  });

  it('of a dataset, the last arguments are those that it gets', () => {
    const map = {
      name: 'd',
      op: 'MapDataset',
      input: ['x', 'w'],
      attr: { f: funcAttr('f'), Targuments: typesAttr(float) },
    };
    expect(axes([30, 20], [map], body('MatMul'))).toEqual([0, 1]);
  });

  it('functions that call each other come to an end', () => {
    const inner = { name: 'c', op: 'PartitionedCall', input: ['a'], attr: { f: funcAttr('f'), Tin: typesAttr(float) } };
    const library = libraryOf({
      f: { inputs: { a: float }, outputs: {}, nodes: [inner], returns: {} },
    });
    expect(axes([30, 20], [call('c', ['w'], 'f', [float])], library)).toEqual([1, 2]);
  });

  it('a function that is not there is none', () => {
    expect(axes([30, 20], [call('c', ['w'], 'f', [float])])).toEqual([1, 2]);
  });
});

describe('without a reader that says more', () => {
  it('the last axis has the channels', () => {
    expect(axes([5, 30, 20], [reader('Add', ['x', 'w'])])).toEqual([2, 3]);
    expect(axes([5, 30, 20], [])).toEqual([2, 3]);
    // The axis is not known, is none of the weight, or counts from the end of what is not known.
    for (const axis of ['x', 'w', 'ten', 'missing']) {
      expect(axes([5, 30, 20], [reader('GatherV2', ['w', 'x', axis])])).toEqual([2, 3]);
    }
    // The bias of a product is no factor of it.
    expect(axes([30, 20], [reader('Conv2D', ['w', 'x'])])).toEqual([1, 2]);
  });

  it('a vector or a number has one scale', () => {
    expect(axes([100], [])).toEqual([1, 1]);
    expect(axes([], [])).toEqual([0, 0]);
  });
});

it('where a channel has fewer than four elements, the tensor has one scale', () => {
  expect(axes([1000, 3], [reader('Gather', ['w', 'x'])])).toEqual([2, 2]);
  expect(axes([1000, 4], [reader('Gather', ['w', 'x'])])).toEqual([0, 1]);
  expect(axes([9, 3, 1000], [reader('BatchMatMulV2', ['x', 'w'])])).toEqual([3, 3]);
});

it('channels are laid out as the elements are', () => {
  const shape = [3, 4, 5, 6];
  expect(layOutChannels(shape, { batches: 0, start: 2, end: 4 })).toEqual({
    channels: { count: 30, run: 1, block: 360 },
    scaleShape: [1, 1, 5, 6],
  });
  expect(layOutChannels(shape, { batches: 0, start: 0, end: 1 })).toEqual({
    channels: { count: 3, run: 120, block: 360 },
    scaleShape: [3, 1, 1, 1],
  });
  expect(layOutChannels(shape, { batches: 0, start: 4, end: 4 })).toEqual({
    channels: { count: 1, run: 1, block: 360 },
    scaleShape: [1, 1, 1, 1],
  });
});

it('those of a batch are in blocks, or more of them where nothing is between', () => {
  expect(layOutChannels([3, 4, 5, 6], { batches: 2, start: 3, end: 4 })).toEqual({
    channels: { count: 6, run: 1, block: 30 },
    scaleShape: [3, 4, 1, 6],
  });
  expect(layOutChannels([3, 4, 5, 6], { batches: 1, start: 2, end: 3 })).toEqual({
    channels: { count: 5, run: 6, block: 120 },
    scaleShape: [3, 1, 5, 1],
  });
  expect(layOutChannels([3, 4, 5, 6], { batches: 2, start: 2, end: 3 })).toEqual({
    channels: { count: 60, run: 6, block: 360 },
    scaleShape: [3, 4, 5, 1],
  });
});
