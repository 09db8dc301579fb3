import { expect, it } from 'vitest';
import { pruneLibrary } from '../../src/passes/prune-library.js';
import { messageType } from '../../src/proto/types.js';
import { call, libraryOf } from '../support/functions.js';
import { float, graphOf, placeholder } from '../support/graph-def.js';

const body = { inputs: { a: float }, outputs: { b: float }, nodes: [], returns: { b: 'a' } };

/** Says that `gradient` computes gradients of ops that say so; nothing calls it. */
const registered = (gradient: string): object => ({ gradient_func: gradient, registered_op_type: `op of ${gradient}` });

function pruned(names: readonly string[], gradients: readonly string[]): object {
  const functions = libraryOf(Object.fromEntries(names.map((name) => [name, body])));
  const library = { ...functions, registered_gradients: gradients.map(registered) };
  const graph = graphOf([placeholder('x'), call('y', ['x'], 'used', [float])], { library });
  const type = messageType('FunctionDefLibrary');
  const left = type.toObject(type.decode(pruneLibrary(graph).library.encode())) as {
    function: { signature: { name: string } }[];
    registered_gradients?: object[];
  };
  return [left.function.map(({ signature }) => signature.name), left.registered_gradients];
}

it('functions that nothing calls go, and with them that they are gradients', () => {
  expect(pruned(['used', 'gradient'], ['gradient', 'used'])).toEqual([['used'], [registered('used')]]);
});

// With one, TensorFlow's loader looks for the function in vain: "There is a cyclic dependency between functions."
it('a gradient whose function was never there goes, too', () => {
  expect(pruned(['used'], ['nowhere'])).toEqual([['used'], undefined]);
});

it('nothing is rewritten where all is needed', () => {
  const graph = graphOf([call('y', [], 'used', [])], { library: libraryOf({ used: body }) });
  expect(pruneLibrary(graph).library).toBe(graph.library);
});
