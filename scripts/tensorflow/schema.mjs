// Whether our protobuf schema is TensorFlow's: one more row of the table.

import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** `compare` takes the schema as JSON and gives a JSON list of the differences. */
export async function compareSchema(root, compare) {
  const built = path.join(root, 'dist', 'proto', 'schema.generated.js');
  const { schema } = await import(pathToFileURL(built));
  const differences = JSON.parse(compare(JSON.stringify(schema)));
  const passed = differences.length === 0;
  return {
    name: 'schema_of_proto_folder',
    tensorflow: 'ok',
    permafrost: passed ? 'identical' : `FAILED ${differences.length} differences`,
    detail: differences.join('\n'),
    passed,
  };
}
