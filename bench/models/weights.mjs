// A model whose weights are everything: variables of one size, added up.
import { attribute, float32, node, variableNodes } from './graph-writer.mjs';
import { randomFloats } from './random-floats.mjs';

/** How many variables one node adds. */
const groupSize = 1000;

const columns = 250;

/**
 * @param {number} bytes of all variables together
 * @param {number} count of variables
 * @param {{ written?: number }} [options] how many bytes of each variable are written, so that the rest is a hole of zeros;
 * default: all
 */
export function weightsModel(bytes, count, { written = bytes / count } = {}) {
  const elements = bytes / count / 4;
  // Matrices where the size allows it, as weights mostly are: int8 then has a scale for each of their columns.
  const shape = elements % columns === 0 ? [elements / columns, columns] : [elements];
  const names = Array.from({ length: count }, (_, index) => `layer_${index}/kernel`);
  const nodes = names.flatMap((name) => variableNodes(name, shape));
  const sums = [];
  for (let start = 0; start < count; start += groupSize) {
    const reads = names.slice(start, start + groupSize).map((name) => `${name}/read`);
    sums.push(`sum_${sums.length}`);
    nodes.push(addition(sums.at(-1), reads));
  }
  nodes.push(addition('output', sums));
  return { nodes, tensors: tensors(names, shape, written, bytes / count - written) };
}

function addition(name, inputs) {
  return node(name, 'AddN', inputs, { T: attribute.type(float32), N: attribute.int(inputs.length) });
}

/** One at a time: all of them need not be in memory at once. */
function* tensors(names, shape, written, zeros) {
  for (const [index, key] of names.entries())
    yield { key, dtype: float32, shape, bytes: randomFloats(written / 4, index + 1), zeros };
}
