// Whether what was made from TensorFlow's definitions is still what they say: two more rows of the table.

import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** `compare` takes the schema as JSON and gives a JSON list of the differences. */
export async function compareSchema(root, compare) {
  const { schema } = await load(root, 'proto', 'schema.generated.js');
  return row('schema_of_proto_folder', JSON.parse(compare(JSON.stringify(schema))));
}

/** `list` gives TensorFlow's defaults as JSON. */
export async function compareOpDefaults(root, list) {
  const { opDefaults } = await load(root, 'graph', 'op-defaults.generated.js');
  return row('defaults_of_ops', differingOps(opDefaults, JSON.parse(list())));
}

/** `list` gives TensorFlow's signatures as JSON. */
export async function compareOpSignatures(root, list) {
  const { opRegistry } = await load(root, 'graph', 'op-registry.generated.js');
  return row('signatures_of_ops', differingOps(opRegistry, JSON.parse(list())));
}

function differingOps(ours, theirs) {
  const ops = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
  return ops.filter((op) => JSON.stringify(ours[op]) !== JSON.stringify(theirs[op]));
}

function load(root, ...file) {
  return import(pathToFileURL(path.join(root, 'dist', ...file)));
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
