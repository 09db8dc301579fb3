import { describe, expect, it } from 'vitest';
import { suggestFor } from '../../../src/inference/suggest/suggest.js';
import { suggestOutputs } from '../../../src/inference/suggest/suggest-outputs.js';
import type { Suggestions } from '../../../src/inference/suggest/suggestion.js';
import { typesAttr } from '../../support/functions.js';
import {
  boolType,
  encode,
  float,
  floatNode,
  graphOf,
  identity,
  int32Type,
  int64Type,
  type NodeLiteral,
  placeholder,
  refVariable,
  shapeAttr,
  stringType,
  typeAttr,
} from '../../support/graph-def.js';

const scalar = (dtype: number): Record<string, object> => ({ dtype: typeAttr(dtype), shape: shapeAttr() });

/** A layer of its own variable. */
const dense = (name: string, input: string): NodeLiteral[] => [
  refVariable(`${name}/kernel`, float, 2, 2),
  identity(`${name}/kernel/read`, `${name}/kernel`),
  floatNode('MatMul', name, input, `${name}/kernel/read`),
];
const model: readonly NodeLiteral[] = [placeholder('x'), ...dense('hidden', 'x'), ...dense('logits', 'hidden')];
const labels = placeholder('labels', int64Type);
const xent = (logits: string): NodeLiteral => ({
  name: 'xent',
  op: 'SparseSoftmaxCrossEntropyWithLogits',
  input: [logits, 'labels'],
  attr: { T: typeAttr(float), Tlabels: typeAttr(int64Type) },
});

/** The gradient, the step, a summary of the accuracy, and a saver. */
const training: readonly NodeLiteral[] = [
  { name: 'loss', op: 'Mean', input: ['xent', 'axes'], attr: { T: typeAttr(float) } },
  { name: 'axes', op: 'Const', attr: { dtype: typeAttr(int32Type) } },
  {
    name: 'gradients/logits_grad/Shape',
    op: 'Shape',
    input: ['logits'],
    attr: { T: typeAttr(float), out_type: typeAttr(int32Type) },
  },
  floatNode('Mul', 'gradients/xent_grad/mul', 'xent:1', 'loss'),
  floatNode('ApplyGradientDescent', 'step', 'logits/kernel', 'loss', 'gradients/xent_grad/mul'),
  {
    name: 'best',
    op: 'ArgMax',
    input: ['logits', 'axes'],
    attr: { T: typeAttr(float), output_type: typeAttr(int64Type) },
  },
  { name: 'right', op: 'Equal', input: ['best', 'labels'], attr: { T: typeAttr(int64Type) } },
  { name: 'accuracy', op: 'Cast', input: ['right'], attr: { SrcT: typeAttr(boolType), DstT: typeAttr(float) } },
  { name: 'told', op: 'ScalarSummary', input: ['axes', 'accuracy'], attr: { T: typeAttr(float) } },
  { name: 'seen', op: 'HistogramSummary', input: ['axes', 'hidden'], attr: { T: typeAttr(float) } },
  { name: 'save/Const', op: 'PlaceholderWithDefault', input: ['axes'], attr: { dtype: typeAttr(stringType) } },
  { name: 'save/SaveV2', op: 'SaveV2', input: ['save/Const', 'save/Const', 'save/Const', 'logits/kernel'] },
  {
    name: 'save/control_dependency',
    op: 'Identity',
    input: ['save/Const', '^save/SaveV2'],
    attr: { T: typeAttr(stringType) },
  },
];

const suggestions = (...nodes: NodeLiteral[]): Suggestions => suggestFor(graphOf(nodes), [], undefined);
const outputs = ({ outputs: all }: Pick<Suggestions, 'outputs'>): string[] =>
  all.map(({ confidence, tensor }) => `${confidence} ${tensor}`);

describe('outputs', () => {
  it('are what goes into a loss; nothing of the training is among them', () => {
    const suggested = suggestions(...model, labels, xent('logits'), ...training);
    expect(outputs(suggested)).toEqual(['likely logits', 'possible best']);
    expect(suggested.outputs[0]).toEqual({
      tensor: 'logits',
      op: 'MatMul',
      dtype: 'float32',
      shape: undefined,
      confidence: 'likely',
      reasons: ["goes into the loss 'xent' (SparseSoftmaxCrossEntropyWithLogits)"],
    });
    expect(suggested.auto).toEqual(['logits']);
  });
  it('are what is made of that without labels, in another form than the one for the loss', () => {
    const form = {
      name: 'form',
      op: 'Reshape',
      input: ['logits', 'axes'],
      attr: { T: typeAttr(float), Tshape: typeAttr(int32Type) },
    };
    const prob = floatNode('Softmax', 'prob', 'logits');
    const suggested = suggestions(...model, labels, form, xent('form'), ...training, prob);
    expect(outputs(suggested)).toEqual(['likely prob', 'possible best', 'possible logits']);
    expect(suggested.auto).toEqual(['prob']);
  });
  it('are ambiguous where one prediction has two ends, or where there is one that no loss knows', () => {
    const prob = floatNode('Softmax', 'prob', 'logits');
    const two = suggestions(...model, labels, xent('logits'), ...training, prob, floatNode('Tanh', 'other', 'logits'));
    expect(outputs(two).slice(0, 2).sort()).toEqual(['likely other', 'likely prob']);
    expect(two.auto).toBeUndefined();
    const apart = suggestions(
      ...model,
      labels,
      xent('logits'),
      ...training,
      prob,
      floatNode('Tanh', 'embedding', 'hidden'),
    );
    expect(outputs(apart)).toContain('possible embedding');
    expect(apart.auto).toBeUndefined();
  });
  it('are one for each loss', () => {
    const size = [
      ...dense('size', 'hidden'),
      placeholder('true_size'),
      floatNode('SquaredDifference', 'error', 'true_size', 'size'),
    ];
    expect(suggestions(...model, labels, xent('logits'), ...training, ...size).auto?.toSorted()).toEqual([
      'logits',
      'size',
    ]);
  });
  it.each<[string, NodeLiteral[]]>([
    ['a difference that is squared', [floatNode('Sub', 'd', 'logits', 'labels'), floatNode('Square', 's', 'd')]],
    [
      'the logarithm of a probability',
      [
        floatNode('Softmax', 'p', 'logits'),
        floatNode('Maximum', 'clip', 'p', 'small'),
        floatNode('Log', 'log', 'clip'),
        floatNode('Mul', 's', 'labels', 'log'),
        { name: 'small', op: 'Const', attr: { dtype: typeAttr(float) } },
      ],
    ],
    ['a log-softmax', [floatNode('LogSoftmax', 'log', 'logits'), floatNode('Mul', 's', 'log', 'labels')]],
    [
      'the logistic loss as TensorFlow writes it',
      [
        floatNode('Relu', 'r', 'logits'),
        floatNode('Mul', 'm', 'logits', 'labels'),
        floatNode('Sub', 'd', 'r', 'm'),
        floatNode('Abs', 'a', 'logits'),
        floatNode('Exp', 'e', 'a'),
        floatNode('Log1p', 'l', 'e'),
        floatNode('AddV2', 's', 'd', 'l'),
      ],
    ],
  ])('are found in front of %s', (_, loss) => {
    const { outputs: found } = suggestOutputs(graphOf([...model, placeholder('labels'), ...loss]));
    const reasons = found.flatMap((each) => each.reasons).join('; ');
    expect(reasons).toContain('goes into the loss');
    expect(found.map(({ tensor }) => tensor)).not.toContain('s');
  });
  it('are no losses where moments are taken of the data itself', () => {
    const moments = [
      floatNode('StopGradient', 'mean', 'x'),
      floatNode('SquaredDifference', 'variance', 'x', 'mean'),
      floatNode('AddV2', 'y', 'variance', 'logits'),
    ];
    expect(outputs(suggestions(...model, ...moments))).toEqual(['likely y']);
  });
  it('are all sinks, and ambiguous if there are several, where there is no loss', () => {
    const suggested = suggestions(...model, floatNode('Tanh', 'a', 'logits'), floatNode('Relu', 'b', 'logits'));
    expect(outputs(suggested).sort()).toEqual(['likely a', 'likely b']);
    expect(suggested.auto).toBeUndefined();
    expect(suggestions(...model).auto).toEqual(['logits']);
  });
  it('are those of signatures first', () => {
    const graph = graphOf([...model, floatNode('Tanh', 'a', 'logits')]);
    const tensor = { name: 'p', part: '', tensor: 'hidden:0', dtype: 'float32', shape: [-1, 2] };
    const signature = { name: 'serving', inputs: [], outputs: [tensor], encoded: encode('SignatureDef', {}) };
    const suggested = suggestFor(graph, [signature], signature);
    expect(outputs(suggested)).toEqual(['signature hidden', 'likely a']);
    expect(suggested.auto).toEqual(['hidden']);
    expect(suggestFor(graph, [signature, signature], undefined).auto).toBeUndefined();
  });
});

it('inputs are what outputs are computed from; switches are to be bound, labels are of no use', () => {
  const next = { name: 'next', op: 'IteratorGetNext', attr: { output_types: typesAttr(float, int64Type) } };
  const nodes = [
    next,
    { name: 'train', op: 'Placeholder', attr: scalar(boolType) },
    { name: 'keep_prob', op: 'Placeholder', attr: { dtype: typeAttr(float) } },
    floatNode('Select', 'x2', 'train', 'next', 'keep_prob'),
    ...dense('logits', 'x2'),
    identity('labels', 'next:1', int64Type),
    xent('logits'),
  ];
  expect(suggestions(...nodes).inputs.map(({ use, tensor, dtype }) => `${use} ${tensor} ${dtype}`)).toEqual([
    'feed next:0 float32',
    'bind train bool',
    'bind keep_prob float32',
    'unused next:1 int64',
  ]);
});

it('a large graph is gone through a few times, not once for each of its nodes', { timeout: 20_000 }, () => {
  const count = 40_000;
  const last = `n${count - 1}`;
  const chain = Array.from({ length: count }, (_, index) =>
    floatNode('Relu', `n${index}`, index === 0 ? 'logits' : `n${index - 1}`),
  );
  expect(suggestOutputs(graphOf([...model, labels, ...chain, xent(last), ...training])).auto).toEqual([last]);
});

it('very many losses are no reason to go through the graph once for each', { timeout: 20_000 }, () => {
  const layers = Array.from({ length: 3000 }, (_, index) => index);
  const deep = layers.flatMap((index): NodeLiteral[] => [
    floatNode('Mul', `m${index}`, index === 0 ? 'logits' : `n${index - 1}`, 'logits/kernel/read'),
    ...Array.from({ length: 9 }, (_, step) =>
      floatNode('Tanh', `t${index}_${step}`, step === 0 ? `m${index}` : `t${index}_${step - 1}`),
    ),
    floatNode('Relu', `n${index}`, `t${index}_8`),
    { ...xent(`n${index}`), name: `xent${index}` },
  ]);
  const { auto, outputs } = suggestOutputs(graphOf([...model, labels, ...deep, ...training, xent('logits')]));
  // All is for a loss, and what the others are made of goes on to the last.
  expect(auto).toEqual(['n2999']);
  const [first] = outputs;
  expect(first?.tensor).toBe('n2999');
  expect(first?.confidence).toBe('likely');
  // The first few are named, in the order of the graph, and the loss that it goes into itself.
  expect(first?.reasons).toEqual([
    "is made of 'n0', which goes into the loss 'xent0' (SparseSoftmaxCrossEntropyWithLogits)",
    "is made of 'n1', which goes into the loss 'xent1' (SparseSoftmaxCrossEntropyWithLogits)",
    "is made of 'n2', which goes into the loss 'xent2' (SparseSoftmaxCrossEntropyWithLogits)",
    "goes into the loss 'xent2999' (SparseSoftmaxCrossEntropyWithLogits)",
  ]);
});
