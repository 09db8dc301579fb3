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
  const { opDefaults } = await load(root, 'passes', 'op-defaults.generated.js');
  const theirs = JSON.parse(list());
  const ops = [...new Set([...Object.keys(opDefaults), ...Object.keys(theirs)])];
  const same = (op) => JSON.stringify(opDefaults[op]) === JSON.stringify(theirs[op]);
  return row(
    'defaults_of_ops',
    ops.filter((op) => !same(op)),
  );
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
