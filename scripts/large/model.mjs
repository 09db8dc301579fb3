// A model that is past every limit of 2 GiB: a table of 2.2 GB that is looked up, and two layers of 0.4 GB.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { attribute, constants, float32, graph, node, variableNodes } from '../../bench/graph-writer.mjs';
import { randomFloats } from '../../bench/large-model.mjs';
import { writeBundle } from '../../test/support/write-bundle.mjs';

const rows = 550_000;
const width = 1000;
const inner = 100_000;

const variables = { table: [rows, width], up: [width, inner], down: [inner, width], bias: [width] };

/** Returns `{ graph, checkpoint }`; 3 GB are written when they are not there yet. */
export function prepareLargeModel(folder) {
  const files = (at) => ({ graph: path.join(at, 'graph.pb'), checkpoint: path.join(at, 'model.ckpt') });
  if (!existsSync(folder)) {
    console.log(`making ${folder} …`);
    // Half a model must never be taken for a whole one.
    const unfinished = `${folder}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true });
    writeFileSync(files(unfinished).graph, graph(nodes()));
    writeBundle(files(unfinished).checkpoint, tensors());
    renameSync(unfinished, folder);
  }
  return files(folder);
}

function nodes() {
  const int32 = attribute.type(3);
  const type = attribute.type(float32);
  const product = { T: type, transpose_a: attribute.bool(false), transpose_b: attribute.bool(false) };
  const lookup = { Taxis: int32, Tindices: int32, Tparams: type, batch_dims: attribute.int(0) };
  return [
    node('ids', 'Placeholder', [], { dtype: int32, shape: attribute.shape([4]) }),
    ...Object.entries(variables).flatMap(([name, shape]) => variableNodes(name, shape)),
    node('axis', 'Const', [], constants.int32([0])),
    node('axis/scalar', 'Squeeze', ['axis'], { T: int32, squeeze_dims: attribute.types([]) }),
    node('looked_up', 'GatherV2', ['table/read', 'ids', 'axis/scalar'], lookup),
    node('wide', 'MatMul', ['looked_up', 'up/read'], product),
    node('narrow', 'MatMul', ['wide', 'down/read'], product),
    node('output', 'BiasAdd', ['narrow', 'bias/read'], { T: type, data_format: attribute.text('NHWC') }),
  ];
}

/** One at a time: the largest is enough to hold. */
function* tensors() {
  for (const [seed, [name, shape]] of Object.entries(variables).entries()) {
    const elements = shape.reduce((product, size) => product * size);
    yield { key: name, dtype: float32, shape, bytes: randomFloats(elements, seed + 1) };
  }
}
