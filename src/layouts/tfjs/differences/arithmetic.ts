/** Ops on numbers. */
import { always, type Difference, floats, typeNotIn } from './difference.js';

export const arithmetic: readonly Difference[] = [
  { ops: 'Mod', by: 'the sign of its result', when: always, instead: "takes the divisor's sign, as FloorMod does" },
  {
    ops: 'Div',
    by: 'its type, of integers',
    when: typeNotIn(floats),
    instead: 'rounds towards minus infinity, and TensorFlow towards 0',
  },
  {
    ops: 'Mean',
    by: 'its type, of integers',
    when: typeNotIn(floats),
    instead: 'gives fractions, and TensorFlow integers',
  },
  { ops: 'BitwiseAnd', by: 'its inputs', when: always, instead: 'does not find them and fails' },
  {
    ops: 'ClipByValue',
    by: 'its type or its limits',
    when: (node) => !floats.has(node.type('T')) || [1, 2].some((limit) => node.constant(limit)?.length !== 1),
    instead: 'takes the first number of each limit, and on the WASM backend only floats',
  },
  {
    ops: 'EuclideanNorm',
    by: 'its axes, which are none',
    when: (node) => node.constant(1)?.length === 0,
    instead: 'fails without axes',
  },
  {
    ops: 'Cumprod Cumsum',
    by: 'its axis, which is negative or no constant',
    when: (node) => (node.constant(1)?.[0] ?? -1) < 0,
    instead: 'gives another shape for an axis that is counted from the end',
  },
  {
    ops: 'DenseBincount',
    by: "its attribute 'binary_output'",
    when: (node) => node.flag('binary_output') && node.shape(0)?.length !== 2,
    instead: 'counts all the same, unless the input is known to be a matrix',
  },
  {
    ops: 'BatchMatMulV2',
    by: 'the shapes of its inputs',
    when: (node) => repeatsWithin(node.shape(0), node.shape(1)) || repeatsWithin(node.shape(1), node.shape(0)),
    instead: 'takes the wrong matrices where a dimension behind the first is broadcast',
  },
  {
    ops: 'Einsum',
    by: "its attribute 'equation'",
    when: (node) => !isPlainEquation(node.text('equation')),
    instead:
      'takes no ellipsis, no letter twice in a term or in both cases, and in two terms sums over no letter of only one',
  },
  {
    ops: 'MatrixBandPart',
    by: "its input 'num_upper'",
    when: (node) => node.constant(1) === undefined || node.constant(1)?.[0] !== node.constant(2)?.[0],
    instead: "takes 'num_lower' in its place",
  },
  {
    ops: 'RandomUniformInt',
    by: "its inputs 'minval' and 'maxval'",
    when: always,
    instead: 'looks for them in attributes, and draws nothing but 0',
  },
  {
    ops: 'FakeQuantWithMinMaxVars',
    by: 'what it does',
    when: always,
    instead: 'hands the input on, and rounds nothing',
  },
];

/** Whether one that is broadcast has a dimension of 1 behind one that is not. */
function repeatsWithin(shape: readonly number[] | undefined, other: readonly number[] | undefined): boolean {
  if (!shape || !other) return false;
  const [own, others] = [shape.slice(0, -2), other.slice(0, -2)];
  const first = own.findIndex((size) => size !== 1);
  return own.some((size, index) => {
    const opposite = others[others.length - own.length + index] ?? 1;
    return first >= 0 && index > first && size === 1 && opposite !== 1;
  });
}

function isPlainEquation(equation: string): boolean {
  const [left = '', right = ''] = equation.replaceAll(' ', '').split('->');
  const terms = left.split(',');
  const letters = new Set(equation.match(/[a-z]/gi));
  if (equation.includes('.') || new Set(equation.toLowerCase().match(/[a-z]/g)).size !== letters.size) return false;
  if ([...terms, right].some((term) => new Set(term).size !== term.length)) return false;
  return (
    terms.length < 2 ||
    Array.from(letters).every((letter) => right.includes(letter) || terms.every((term) => term.includes(letter)))
  );
}
