import { describe, expect, it } from 'vitest';
import { noInference } from '../../../src/inference/inference-settings.js';
import { toInference } from '../../../src/inference/to-inference.js';
import { floatNode, graphOf, type NodeLiteral, placeholder } from '../../support/graph-def.js';
import { compare, constant, drawn } from './nodes.js';

/** What the report says of random ops that stay, of a graph of these nodes and the data `x`. */
function notes(...nodes: NodeLiteral[]): string[] {
  const { changes } = toInference(graphOf([placeholder('x'), ...nodes]), ['y'], {
    ...noInference,
    rewrites: new Set(['dropout']),
  });
  return changes.filter(({ isLeft }) => isLeft).map(({ node, text }) => `${node} ${text}`);
}

const half = [drawn('RandomUniform', 'u'), constant('rate', 0.5), compare('Less', 'm', 'u', 'rate')];
const asFloat: NodeLiteral = { ...floatNode('Cast', 'mask', 'm'), attr: { SrcT: { type: 10 }, DstT: { type: 1 } } };

describe('each random op that is left is told, with the reason', () => {
  const cases: Record<string, NodeLiteral[]> = {
    "u stays random: 'y' drops data by the mask 'm', and nothing scales them to make up for it": [
      ...half,
      asFloat,
      floatNode('Mul', 'y', 'x', 'mask'),
    ],
    "u stays random: 'y' (MatMul) takes the mask 'm', which is no dropout": [
      ...half,
      asFloat,
      floatNode('MatMul', 'y', 'mask', 'x'),
    ],
    "n stays random: 'y' (AddV2) takes its numbers, and neither a branch of inference nor a name tells that they are for training alone":
      [drawn('RandomStandardNormal', 'n'), floatNode('AddV2', 'y', 'x', 'n')],
    'g stays random: no dropout is made of such numbers': [drawn('RandomGamma', 'g'), floatNode('Mul', 'y', 'x', 'g')],
    "u stays random: 'y' keeps data by a rate that is computed from data, 'p'": [
      drawn('RandomUniform', 'u'),
      floatNode('Sigmoid', 'p', 'x'),
      compare('Less', 'm', 'u', 'p'),
      asFloat,
      floatNode('Mul', 'kept', 'x', 'mask'),
      floatNode('RealDiv', 'y', 'kept', 'p'),
    ],
  };
  for (const [note, nodes] of Object.entries(cases)) it(note, () => expect(notes(...nodes)).toEqual([note]));

  it('none where dropout is gone', () => {
    expect(
      notes(
        ...half,
        asFloat,
        constant('two', 2),
        floatNode('Mul', 'z', 'x', 'mask'),
        floatNode('Mul', 'y', 'z', 'two'),
      ),
    ).toEqual([]);
  });
});
