// A model whose graph is everything: what a training script with very many small layers exports, its Saver included.
import { attribute, float32, node, strings, unneeded, variableNodes } from './graph-writer.mjs';
import { randomFloats } from './random-floats.mjs';

const width = 32;
const type = { T: attribute.type(float32) };
const shapes = { _output_shapes: attribute.shapes([[8, width]]) };

/** Six nodes a layer, one of them a variable; five of them are needed for the output. */
export function manyNodesModel(blocks, layersOfBlock) {
  const input = { dtype: attribute.type(float32), shape: attribute.shape([8, width]), ...shapes };
  const nodes = [node('input', 'Placeholder', [], input)];
  const variables = [];
  const ends = [];
  for (let block = 0; block < blocks; block++) {
    let previous = 'input';
    for (let layer = 0; layer < layersOfBlock; layer++) {
      const scope = `model/tower/encoder/block_${block}/layer_${layer}`;
      nodes.push(...layerNodes(scope, previous, variables.length));
      variables.push(`${scope}/scale`);
      previous = `${scope}/Relu`;
    }
    ends.push(previous);
  }
  nodes.push(node('output', 'AddN', ends, { ...type, ...shapes, N: attribute.int(blocks) }), ...saverNodes(variables));
  const tensors = variables.map((key, index) => {
    return { key, dtype: float32, shape: [width], bytes: randomFloats(width, index + 1) };
  });
  return { nodes, tensors };
}

function layerNodes(scope, input, index) {
  const variable = `${scope}/scale`;
  const colocated = { _class: attribute.colocation(variable), _output_shapes: attribute.shapes([[width]]) };
  const assigned = { validate_shape: attribute.bool(true), use_locking: attribute.bool(true) };
  return [
    ...variableNodes(variable, [width]),
    unneeded(`save/Assign_${index}`, 'Assign', [variable, `save/RestoreV2:${index}`], {
      ...type,
      ...colocated,
      ...assigned,
    }),
    node(`${scope}/mul`, 'Mul', [input, `${variable}/read`], { ...type, ...shapes }),
    node(`${scope}/add`, 'AddV2', [`${scope}/mul`, input], { ...type, ...shapes }),
    node(`${scope}/Relu`, 'Relu', [`${scope}/add`], { ...type, ...shapes }),
  ];
}

/** What restores the variables in TensorFlow. */
function saverNodes(variables) {
  const restored = ['save/prefix', 'save/names', 'save/slices'];
  return [
    unneeded('save/prefix', 'Placeholder', [], { dtype: attribute.type(7), shape: attribute.shape([]) }),
    unneeded('save/names', 'Const', [], strings(variables)),
    unneeded('save/slices', 'Const', [], strings(variables.map(() => ''))),
    unneeded('save/RestoreV2', 'RestoreV2', restored, { dtypes: attribute.types(variables.map(() => float32)) }),
    unneeded(
      'save/restore_all',
      'NoOp',
      variables.map((_, index) => `^save/Assign_${index}`),
      {},
    ),
  ];
}
