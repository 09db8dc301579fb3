/** What is bound when a graph is frozen. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { decodeGraph } from '../../src/graph/decode.js';
import { failure } from '../support/failure.js';
import { freeze } from '../support/freeze.js';
import {
  boolType,
  float,
  floatNode,
  handleVariable,
  identity,
  intAttr,
  type NodeLiteral,
  placeholder,
  readVariable,
  refVariable,
} from '../support/graph-def.js';
import { type SmallModel, smallModel, smallNodes } from '../support/model.js';
import { lines } from '../support/stored.js';

/** `y` of the small model where the predicate is true, and x where not. */
const chosen = (predicate: string): NodeLiteral[] => [
  floatNode('Switch', 'on', 'y', predicate),
  floatNode('Switch', 'off', 'x', predicate),
  { ...floatNode('Merge', 'z', 'off', 'on:1'), attr: { ...floatNode('Merge', '').attr, N: intAttr(2) } },
];

function frozen({ out }: SmallModel): string[] {
  return lines(decodeGraph(readFileSync(out), out));
}

it('a variable that only the branch has that is gone need not be in the checkpoint', async () => {
  const other = [refVariable('v', float, 2), identity('v/read', 'v'), floatNode('Mul', 'off_too', 'off', 'v/read')];
  const nodes = [...smallNodes, placeholder('p', boolType), ...chosen('p'), ...other].map((node) =>
    node.name === 'z' ? { ...node, input: ['off_too', 'on:1'] } : node,
  );
  const model = smallModel(nodes);
  const { graph, checkpoint, out } = model;
  const { variables, changes } = await freeze({ graph, checkpoint, out, outputs: 'z', bind: { p: true } });
  expect(variables.map(({ name }) => name)).toEqual(['w']);
  expect(changes.map(({ node }) => node)).toEqual(['p', 'on', 'off', 'z']);
  expect(frozen(model)).toEqual([
    'x = Placeholder()',
    'w = Const()',
    'w/read = Identity(w)',
    'y = Mul(x, w/read)',
    'on = Identity(y)',
    'z = Identity(on)',
  ]);
});

it('a variable that is bound has that value, decides, and need not be in the checkpoint', async () => {
  const training = [handleVariable('is_training', boolType), readVariable('p', 'is_training', boolType)];
  const model = smallModel([...smallNodes, ...training, ...chosen('p')]);
  const { graph, checkpoint, out } = model;
  await freeze({ graph, checkpoint, out, outputs: 'z,p', bind: ['is_training=False'] });
  expect(frozen(model)).toContain('z = Identity(off)');
  expect(frozen(model)).toContain('p = Identity(is_training)');
  const is = decodeGraph(readFileSync(out), out).byName.get('is_training');
  expect(is?.op).toBe('Const');
  // A bool tensor with one element, false: bool_val, packed.
  expect(Buffer.from(is?.attribute('value') ?? []).toString('hex')).toBe('4207080a12005a0100');
});

it("TensorFlow's tool binds nothing", async () => {
  const { graph, checkpoint, out } = smallModel([...smallNodes, placeholder('p', boolType)]);
  const error = await failure(() => freeze({ graph, checkpoint, out, outputs: 'y', bind: 'p=true', tfParity: true }));
  expect(error.code).toBe('INVALID_ARGUMENT');
});
