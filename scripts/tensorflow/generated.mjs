// Whether what was made from TensorFlow's definitions is still what they say: two more rows of the table.

import path from 'node:path';
import { rolldown } from 'rolldown';

/** `compare` takes the schema as JSON and gives a JSON list of the differences. */
export async function compareSchema(root, compare) {
  const { schema } = await load(root, 'proto', 'schema.generated.ts');
  return row('schema_of_proto_folder', JSON.parse(compare(JSON.stringify(schema))));
}

/** `list` gives TensorFlow's defaults as JSON. */
export async function compareOpDefaults(root, list) {
  const { opDefaults } = await load(root, 'graph', 'op-defaults.generated.ts');
  return row('defaults_of_ops', differingOps(opDefaults, JSON.parse(list())));
}

/** `list` gives TensorFlow's signatures as JSON. */
export async function compareOpSignatures(root, list) {
  const { opRegistry } = await load(root, 'graph', 'op-registry.generated.ts');
  return row('signatures_of_ops', differingOps(opRegistry, JSON.parse(list())));
}

function differingOps(ours, theirs) {
  const ops = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
  return ops.filter((op) => JSON.stringify(ours[op]) !== JSON.stringify(theirs[op]));
}

/** A module of the sources that is data alone; what is built does not have it as a file of its own. */
async function load(root, ...file) {
  const bundle = await rolldown({ input: path.join(root, 'src', ...file) });
  const { output } = await bundle.generate({ format: 'esm' });
  return import(`data:text/javascript;base64,${Buffer.from(output[0].code).toString('base64')}`);
}

function row(name, differences) {
  const passed = differences.length === 0;
  return {
    name,
    tensorflow: 'ok',
    permafrost: passed ? 'identical' : `FAILED ${differences.length} differences`,
    detail: differences.join('\n'),
    passed,
  };
}
