import { expect, it } from 'vitest';
import { refuseInnerVariables } from '../../src/passes/refuse-inner-variables.js';
import { failure } from '../support/failure.js';
import { call, type FunctionLiteral, libraryOf } from '../support/functions.js';
import { float, graphOf, handleVariable, placeholder, readVariable } from '../support/graph-def.js';

const making: FunctionLiteral = {
  inputs: { x: float },
  outputs: { y: float },
  nodes: [handleVariable('v', float, 2), readVariable('read', 'v:resource:0')],
  returns: { y: 'read:value:0' },
};

function graphCalling(name: string): ReturnType<typeof graphOf> {
  const same: FunctionLiteral = { ...making, nodes: [], returns: { y: 'x' } };
  return graphOf([placeholder('x'), call('c', ['x'], name, [float])], { library: libraryOf({ making, same }) });
}

it('a function that makes a variable is refused by name', async () => {
  const error = await failure(() => refuseInnerVariables(graphCalling('making'), () => true));
  expect([error.code, error.message]).toEqual([
    'UNSUPPORTED',
    expect.stringMatching(/^The function 'making', which the outputs need, makes the variable 'v' itself/),
  ]);
});

it('one that makes a variable of the deny list passes', () => {
  refuseInnerVariables(graphCalling('making'), (name) => name !== 'v');
});

it('one that nobody calls passes', () => refuseInnerVariables(graphCalling('same'), () => true));
