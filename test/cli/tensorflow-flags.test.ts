import { describe, expect, it } from 'vitest';
import { flagNames, parseFlags } from '../../src/cli/tensorflow-flags.js';
import { failure } from '../support/failure.js';

async function refusal(...args: string[]): Promise<string> {
  const error = await failure(() => parseFlags(args));
  expect(error.code).toBe('INVALID_ARGUMENT');
  return error.message;
}

describe('a flag with a value', () => {
  it('may have it behind a =', () => {
    expect(parseFlags(['--input_graph=a.pb']).flags).toEqual({ input_graph: 'a.pb' });
  });
  it('may have it as the next word', () => {
    expect(parseFlags(['--input_graph', 'a.pb', '--output_graph', 'b.pb']).flags).toEqual({
      input_graph: 'a.pb',
      output_graph: 'b.pb',
    });
  });
  it('may have an empty one', () => expect(parseFlags(['--input_saver=']).flags).toEqual({ input_saver: '' }));
  it('may have one with a = and spaces in it', () => {
    expect(parseFlags(['--output_node_names=a, b=c']).flags).toEqual({ output_node_names: 'a, b=c' });
  });
  it('may have one with line ends in it', () => {
    expect(parseFlags(['--output_node_names=a,\nb']).flags).toEqual({ output_node_names: 'a,\nb' });
  });
  it('may be given by the start of its name', () => {
    expect(parseFlags(['--output_n=y', '--input_c', 'ckpt']).flags).toEqual({
      output_node_names: 'y',
      input_checkpoint: 'ckpt',
    });
  });
  it('counts as it was given last', () => {
    expect(parseFlags(['--output_graph=a', '--output_graph=b']).flags).toEqual({ output_graph: 'b' });
  });
  it('needs it', async () => {
    expect(await refusal('--input_graph')).toBe('The flag --input_graph needs a value, as in --input_graph=VALUE.');
    expect(await refusal('--input_graph', '--output_graph=b')).toMatch(/^The flag --input_graph needs a value/);
  });
});

describe('a boolean', () => {
  for (const [args, value] of [
    [['--input_binary'], true],
    [['--input_binary=true'], true],
    [['--input_binary=True'], true],
    [['--input_binary', 'True'], true],
    [['--input_binary=1'], true],
    [['--input_binary=yes'], true],
    [['--input_binary=t'], true],
    [['--input_binary=false'], false],
    [['--input_binary', 'False'], false],
    [['--input_binary=0'], false],
    [['--input_binary=n'], false],
    [['--noinput_binary'], false],
  ] as const) {
    it(`${args.join(' ')} is ${value}`, () => expect(parseFlags(args).flags).toEqual({ input_binary: value }));
  }
  it('bare does not take the next flag for its value', () => {
    expect(parseFlags(['--input_binary', '--clear_devices=false']).flags).toEqual({
      input_binary: true,
      clear_devices: false,
    });
  });
  it('is nothing else', async () => {
    expect(await refusal('--clear_devices=maybe')).toBe(
      "Expected true or false for --clear_devices but received 'maybe'.",
    );
  });
});

describe('a number', () => {
  it('is whole', () => expect(parseFlags(['--checkpoint_version=2']).flags).toEqual({ checkpoint_version: 2 }));
  it('is nothing else', async () => {
    expect(await refusal('--checkpoint_version=two')).toBe(
      "Expected a whole number for --checkpoint_version but received 'two'.",
    );
  });
});

describe('what is no flag', () => {
  it('is refused with the nearest one', async () => {
    expect(await refusal('--output_nodes_names=y')).toBe(
      'There is no flag --output_nodes_names. Did you mean --output_node_names?',
    );
  });
  it('is refused without one where none is near', async () => {
    expect(await refusal('--quantise_everything=8')).toBe('There is no flag --quantise_everything.');
  });
  it('is refused where it is the start of several', async () => {
    expect(await refusal('--variable_names=w')).toBe(
      'The flag --variable_names could be any of --variable_names_whitelist, --variable_names_denylist, ' +
        '--variable_names_blacklist.',
    );
  });
  it('but a plain word is passed over with a warning', () => {
    expect(parseFlags(['word', '--input_graph=a'])).toEqual({
      flags: { input_graph: 'a' },
      warnings: ["'word' is no flag and is passed over."],
    });
  });
});

it('-h and --help ask for help', () => {
  expect([parseFlags(['-h']).flags, parseFlags(['--help']).flags]).toEqual([{ help: true }, { help: true }]);
});

it("TensorFlow's flags are all there", () => {
  const tensorflow = [
    ...['input_graph', 'input_saver', 'input_checkpoint', 'checkpoint_version', 'output_graph', 'input_binary'],
    ...['output_node_names', 'restore_op_name', 'filename_tensor_name', 'clear_devices', 'initializer_nodes'],
    ...['variable_names_whitelist', 'variable_names_denylist', 'input_meta_graph', 'input_saved_model_dir'],
    'saved_model_tags',
  ];
  expect(flagNames).toEqual(expect.arrayContaining(tensorflow));
});
