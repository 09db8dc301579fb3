import { expect, it } from 'vitest';
import { floatNode, graphOf, identity, type NodeLiteral, placeholder } from '../../support/graph-def.js';
import { lines } from '../../support/stored.js';
import { average, axes, mean, moments, normalization, normalize, number, variables } from './graphs.js';

const before = [placeholder('x'), ...variables('gamma', 'beta', 'mm', 'mv'), ...moments()];

/** That a normalisation by `ms` and `vs` reads `mm` and `mv` instead, beside some updates. */
function expectNormalizedBeside(...updates: readonly NodeLiteral[]): void {
  const { nodes } = normalize([...before, ...updates, ...normalization('ms', 'vs'), identity('y', 'sum')]);
  expect(nodes.get('ms/moving_mean')).toBe('ms/moving_mean = Identity(mm)');
  expect(nodes.get('vs/moving_variance')).toBe('vs/moving_variance = Identity(mv)');
}

/** That these stay as they are, and nothing is said of them. */
function expectUntouched(...nodes: readonly NodeLiteral[]): void {
  expect(normalize(nodes)).toMatchObject({ lines: lines(graphOf(nodes)), changes: [] });
}

const averages = [...average('mm', 'ms'), ...average('mv', 'vs')];

/** `teacher = teacher * keep + student * take` */
function copied(student: string, keep: NodeLiteral, take: NodeLiteral): NodeLiteral[] {
  const at = `copy/${student}`;
  return [
    ...variables(`teacher/${student}`),
    { ...keep, name: `${at}/keep` },
    { ...take, name: `${at}/take` },
    floatNode('Mul', `${at}/kept`, `teacher/${student}/read`, `${at}/keep`),
    floatNode('Mul', `${at}/taken`, `${at}/take`, `${student}/read`),
    floatNode('AddV2', `${at}/sum`, `${at}/kept`, `${at}/taken`),
    floatNode('Assign', at, `teacher/${student}`, `${at}/sum`),
  ];
}

it("a teacher's averages of all variables leave those of the norm what they are", () => {
  const students = ['gamma', 'beta', 'mm', 'mv'];
  const byConstants = students.flatMap((each) => copied(each, number('', 0.99), number('', 0.01)));
  expectNormalizedBeside(...averages, ...byConstants);
  const bySchedule = students.flatMap((each) => copied(each, placeholder(''), placeholder('')));
  expectNormalizedBeside(...averages, ...bySchedule);
  const scaled = students.flatMap((each) => [
    ...variables(`teacher/${each}`),
    number(`half/${each}/factor`, 0.5),
    floatNode('Mul', `half/${each}`, `${each}/read`, `half/${each}/factor`),
    floatNode('Assign', `copy/${each}`, `teacher/${each}`, `half/${each}`),
  ]);
  expectNormalizedBeside(...averages, ...scaled);
});

it('however a variable takes over the quotient of an average that starts from zero, that is the average', () => {
  const biased = [...variables('biased'), ...average('biased', 'ms'), ...average('mv', 'vs'), placeholder('factor')];
  const quotient = floatNode('RealDiv', 'quotient', 'avg/biased', 'factor');
  const written: NodeLiteral[][] = [
    [quotient, floatNode('Assign', 'avg/mm', 'mm', 'quotient')],
    [
      floatNode('Reciprocal', 'inverse', 'factor'),
      floatNode('Mul', 'product', 'avg/biased', 'inverse'),
      floatNode('Assign', 'avg/mm', 'mm', 'product'),
    ],
    [
      quotient,
      floatNode('Sub', 'difference', 'mm/read', 'quotient'),
      floatNode('AssignSub', 'avg/mm', 'mm', 'difference'),
    ],
    [
      quotient,
      placeholder('training'),
      floatNode('SelectV2', 'chosen', 'training', 'quotient', 'mm/read'),
      floatNode('Assign', 'avg/mm', 'mm', 'chosen'),
    ],
  ];
  for (const nodes of written) expectNormalizedBeside(...biased, ...nodes);
});

it('an average by its distance to the statistic, added to it by the write or before', () => {
  const added = [
    number('rate', 0.1),
    floatNode('Sub', 'distance', 'ms', 'mm/read'),
    floatNode('Mul', 'step', 'distance', 'rate'),
  ];
  expectNormalizedBeside(...added, floatNode('AssignAdd', 'avg/mm', 'mm', 'step'), ...average('mv', 'vs'));
  const sum = [
    placeholder('training'),
    floatNode('AddV2', 'new', 'mm/read', 'step'),
    floatNode('SelectV2', 'kept', 'training', 'new', 'mm/read'),
    floatNode('Assign', 'avg/mm', 'mm', 'kept'),
  ];
  expectNormalizedBeside(...added, ...sum, ...average('mv', 'vs'));
});

it('a sum of all batches is no average, whether it starts anew or not', () => {
  const loss = [placeholder('x'), axes('axes', 0), { ...mean('batch', 'x', 'axes', false), op: 'Sum' }];
  const counted = [...variables('total', 'count'), number('one', 1), floatNode('AssignAdd', 'counted', 'count', 'one')];
  const running = floatNode('AddV2', 'new', 'total/read', 'batch');
  const quotient = floatNode('RealDiv', 'y', 'written', 'counted');
  const beside = [...loss, ...counted, quotient];
  expectUntouched(...beside, running, floatNode('Assign', 'written', 'total', 'new'));
  expectUntouched(...beside, floatNode('AssignAdd', 'written', 'total', 'batch'));
  const anew = [placeholder('first'), floatNode('SelectV2', 'chosen', 'first', 'batch', 'new')];
  expectUntouched(...beside, running, ...anew, floatNode('Assign', 'written', 'total', 'chosen'));
});

it('an average of what an optimiser makes of a gradient is none of a norm', () => {
  const gradient = { ...mean('gradient_tape/sum', 'x', 'axes', false), op: 'Sum' };
  const square = floatNode('Square', 'adam/Square', 'gradient_tape/sum');
  const slot = [placeholder('x'), axes('axes', 0), gradient, square, ...variables('velocity')];
  expectUntouched(...slot, ...average('velocity', 'adam/Square'), floatNode('Sub', 'y', 'x', 'avg/velocity'));
});
