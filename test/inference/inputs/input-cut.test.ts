import { expect, it } from 'vitest';
import { parseInputs } from '../../../src/inference/inputs/input-cut.js';
import { failure } from '../../support/failure.js';

it('texts, lists of them and objects are inputs; commas in shapes separate nothing', () => {
  const text = 'It:0=image:float32[?,224, None,3], x ,scope/y:1=:int64,z=[],u=v[-1],w=name:string,auto';
  expect(parseInputs(text)).toEqual({
    auto: true,
    cuts: [
      { tensor: 'It:0', name: 'image', dtype: 'float32', shape: [-1, 224, -1, 3] },
      { tensor: 'x' },
      { tensor: 'scope/y:1', dtype: 'int64' },
      { tensor: 'z', shape: [] },
      { tensor: 'u', name: 'v', shape: [-1] },
      { tensor: 'w', name: 'name', dtype: 'string' },
    ],
  });
  expect(parseInputs(['a=b[2,3],c', { tensor: 'd', shape: [null, 4] }])).toEqual({
    auto: false,
    cuts: [{ tensor: 'a', name: 'b', shape: [2, 3] }, { tensor: 'c' }, { tensor: 'd', shape: [-1, 4] }],
  });
  expect(parseInputs(undefined)).toEqual({ auto: false, cuts: [] });
});

it.each([
  ['', "'' is no input. Write"],
  [[' , '], "'' is no input."],
  ['=name', "'=name' is no input. Write 'NODE:OUTPUT=NAME:TYPE[SIZES]'"],
  ['x[2]', "'x[2]' is no input."],
  ['x=y[two]', "'two' in 'x=y[two]' is no size."],
  ['x=y z', "'y z', for the input 'x', is no name that TensorFlow takes"],
  ['x=y:float33', "'float33', for the input 'x', is no type that can be fed."],
  ['x=y:resource', "'resource', for the input 'x', is no type that can be fed."],
  ['^x', "'^x' is no tensor that could be an input."],
  [[7], 'Expected a text or an object for each of the inputs but received 7.'],
  [{ tensor: 'x', type: 'float32' }, "An input has no 'type'. There are: tensor, name, dtype, shape."],
  [{ tensor: 'x', shape: [-2] }, "The shape of the input 'x' is no list of sizes."],
])('%j is refused', async (given, message) => {
  const error = await failure(() => parseInputs(given));
  expect([error.code, error.message]).toEqual(['INVALID_ARGUMENT', expect.stringContaining(message)]);
});
