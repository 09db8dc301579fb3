import { expect, it } from 'vitest';
import { inputNode, isControlInput, parseInput, portAt } from '../../src/graph/edges.js';

it('a bare name is the first output of a node', () => expect(parseInput('a/b')).toEqual({ node: 'a/b', port: 0 }));
it('a name and a number are that output', () => expect(parseInput('a/b:2')).toEqual({ node: 'a/b', port: 2 }));
it('a caret makes a control input', () => expect(parseInput('^a/b')).toEqual({ node: 'a/b', port: -1 }));

it('inputNode gives the name in all three forms', () => {
  expect(['a', 'a:1', '^a'].map(inputNode)).toEqual(['a', 'a', 'a']);
});

it('only a caret at the start makes a control input', () => {
  expect(['^a', 'a', 'a:0', 'a^'].map(isControlInput)).toEqual([true, false, false, false]);
});

it('portAt finds the output in the bytes of an input as parseInput does in its text', () => {
  for (const text of ['a/b', 'a/b:2', '^a/b', 'a:0', 'a:1234', 'layer_12', '12', 'a^', '']) {
    const bytes = Buffer.from(`7:${text}:9`);
    expect({ text, port: portAt(bytes, 2, bytes.length - 2) }).toEqual({ text, port: parseInput(text).port });
  }
});
