/** The `freeze_graph` command: TensorFlow's tool, flag for flag, so that a script that calls it runs unchanged. */
import { freezeHere } from '../api/freeze.js';
import { type FreezeGraphOptions, readFreezeGraphOptions } from '../api/freeze-graph.js';
import { reportError, runFreeze } from './run-freeze.js';
import { flagNames, parseFlags } from './tensorflow-flags.js';

async function run(): Promise<void> {
  const { flags, warnings } = parseFlags(process.argv.slice(2));
  for (const warning of warnings) console.error(`freeze_graph: ${warning}`);
  const { help, durable, keep_library: keepLibrary, tf_parity: tfParity, ...options } = flags;
  if (help) {
    console.log(`Usage: freeze_graph --input_graph=FILE --input_checkpoint=PREFIX --output_node_names=NAMES --output_graph=FILE
The flags of TensorFlow's freeze_graph, with the same meaning and defaults:
  ${flagNames.map((name) => `--${name}`).join('\n  ')}`);
  } else {
    await runFreeze({ json: false, quiet: false }, (running) => {
      const extras = {
        durable: durable === true,
        ...(typeof keepLibrary === 'boolean' ? { keepLibrary } : {}),
        ...(typeof tfParity === 'boolean' ? { tfParity } : {}),
        ...running,
      };
      return freezeHere(readFreezeGraphOptions(options as unknown as FreezeGraphOptions, extras));
    });
  }
}

run().catch((error: unknown) => reportError(error, { json: false }));
