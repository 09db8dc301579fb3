import { expect, it } from 'vitest';
import { formatSuggestions } from '../../src/cli/run-suggest.js';
import { runCommand } from '../support/run.js';
import { metaGraph, savedModel, savedModelBytes } from '../support/saved-model.js';

it('permafrost suggest prints inputs, outputs and what auto stands for', async () => {
  const folder = savedModel(savedModelBytes(metaGraph()));
  const { code, stdout } = await runCommand('permafrost', 'suggest', folder);
  expect(code).toBe(0);
  expect(stdout).toBe(
    [
      `${folder}, a SavedModel (saved_model.pb, tags 'serve')`,
      'outputs',
      "  signature y  float32[2]  (Mul) is the output 'product' of the signature 'serving_default'",
      'inputs',
      '  feed      x  float32  is a Placeholder',
      '--outputs auto takes y',
      '',
    ].join('\n'),
  );
  const json = JSON.parse((await runCommand('permafrost', 'suggest', folder, '--json')).stdout);
  expect(json).toMatchObject({ auto: ['y'], outputs: [{ tensor: 'y', confidence: 'signature' }] });
});

it('an input on the command line may have commas in its shape', async () => {
  const folder = savedModel(savedModelBytes(metaGraph()));
  const flags = ['--graph', folder, '--dry-run', '--json', '--inputs', 'x=x:float32[?,2],auto'];
  const { stdout } = await runCommand('permafrost', 'freeze', ...flags);
  expect(JSON.parse(stdout).changes).toMatchObject([{ rewrite: 'inputs', node: 'x' }]);
});

it('what cannot be read is an error with its code', async () => {
  const { code, stderr } = await runCommand('permafrost', 'suggest', 'nowhere.pb');
  expect(code).toBe(3);
  expect(stderr).toContain('FILE_NOT_FOUND');
});

it('long lists are cut off for people', () => {
  const output = { op: 'Relu', dtype: 'float32', shape: undefined, confidence: 'likely', reasons: ['r'] } as const;
  const outputs = Array.from({ length: 25 }, (_, index) => ({ ...output, tensor: `n${index}` }));
  const text = formatSuggestions({ graph: 'g', graphKind: 'a graph', inputs: [], outputs, auto: undefined });
  expect(text.split('\n').slice(-5)).toEqual([
    '  likely    n19  float32  (Relu) r',
    '  and 5 more, which --json lists',
    'inputs',
    '  none found',
    'it is ambiguous: name the outputs that you want',
  ]);
});
