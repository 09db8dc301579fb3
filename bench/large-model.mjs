// A model whose weights are everything and whose graph is next to nothing.
import { attribute, constants, float32, node, variableNodes } from './graph-writer.mjs';

/** Variables of equal size, summed up into one number. */
export function fewLargeVariables(bytes, count) {
  const elements = bytes / count / 4;
  const shape = [elements / 1000, 1000];
  const names = Array.from({ length: count }, (_, index) => `layer_${index}`);
  const type = { T: attribute.type(float32) };
  const sum = { ...type, Tidx: attribute.type(3), keep_dims: attribute.bool(false) };
  const nodes = [
    node('axes', 'Const', [], constants.int32([0, 1])),
    ...names.flatMap((name) => [
      ...variableNodes(`${name}/kernel`, shape),
      node(`${name}/sum`, 'Sum', [`${name}/kernel/read`, 'axes'], sum),
    ]),
    node(
      'output',
      'AddN',
      names.map((name) => `${name}/sum`),
      { ...type, N: attribute.int(count) },
    ),
  ];
  return { nodes, tensors: tensors(names, shape, elements) };
}

/** One at a time: all of them need not be in memory at once. */
function* tensors(names, shape, elements) {
  for (const [index, name] of names.entries()) {
    yield { key: `${name}/kernel`, dtype: float32, shape, bytes: randomFloats(elements, index + 1) };
  }
}

/** Floats from 1 to 2 with bits that do not repeat (xorshift32). */
export function randomFloats(count, seed) {
  const words = new Uint32Array(count);
  let state = Math.imul(seed, 0x9e3779b9);
  for (let index = 0; index < count; index++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[index] = 0x3f800000 | (state >>> 9);
  }
  return new Uint8Array(words.buffer);
}
