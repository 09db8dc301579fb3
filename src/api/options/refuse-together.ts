import { invalidArgument } from '../../errors.js';
import { rewrites } from '../../inference/inference-settings.js';
import { layoutFacts, layoutNames, layoutOptions } from '../../layouts/layout-name.js';
import type { FreezeSettings } from './freeze-settings.js';
import { places } from './placing-options.js';

/** @throws PermafrostError INVALID_ARGUMENT for options that do not go together. */
export function refuseTogether(settings: FreezeSettings): void {
  const { layout, tfParity, weights } = settings;
  const { isPlainGraph, lacksWeights, hasDevices, options } = layoutFacts[layout];
  const refuse = (message: string): never => {
    throw invalidArgument(message);
  };
  if (tfParity && weights.length > 0) {
    refuse(
      "TensorFlow's tool stores all values as they are, so weights cannot be given together with tfParity. Leave one out.",
    );
  }
  if (tfParity && !isPlainGraph) {
    refuse(
      `TensorFlow's tool writes a GraphDef: the layout '${layout}' and tfParity do not go together. Leave one out.`,
    );
  }
  const unread = weights.find(({ type }) => lacksWeights.includes(type));
  if (unread) {
    refuse(`What reads the layout '${layout}' has no ${unread.type} weights: they do not go together. Use float16.`);
  }
  if (tfParity && places(settings)) {
    refuse(
      "TensorFlow's tool clears devices or keeps them, so they cannot be placed together with tfParity. Leave one out.",
    );
  }
  if (tfParity && rewrites(settings.inferring)) {
    refuse(
      "TensorFlow's tool leaves the graph as it is, so it cannot be rewritten together with tfParity. Leave one out.",
    );
  }
  if (tfParity && settings.averageSuffix !== undefined) {
    refuse(
      "TensorFlow's tool stores variables, not their averages, so these cannot be taken together with tfParity. Leave one out.",
    );
  }
  if (tfParity && settings.optimize) {
    refuse(
      "TensorFlow's tool leaves the graph as it is, so it cannot be optimised together with tfParity. Leave one out.",
    );
  }
  if (settings.deviceConstants.size > 0 && !places(settings)) {
    refuse('There are no devices for deviceConstants, because nothing is placed. Add place, such as `npu:0,cpu`.');
  }
  if (settings.dot !== undefined && !places(settings)) {
    refuse('There is nothing to draw for dot, because nothing is placed. Add place, such as `gpu:0,cpu`.');
  }
  if (!hasDevices && places(settings)) {
    refuse(`What reads the layout '${layout}' knows no devices of nodes, so they cannot be placed. Leave one out.`);
  }
  if ((settings.stream || settings.inMemory) && !isPlainGraph) {
    refuse(`The layout '${layout}' is more than one file, or is written to in several places. Give a path for out.`);
  }
  if (settings.inMemory && (settings.stream || settings.out !== undefined)) {
    refuse('What is written to out is not given back in memory too. Leave out or inMemory out.');
  }
  if (settings.heapBytes !== undefined && typeof settings.placeRules === 'function') {
    refuse(
      'A freeze with heapBytes runs in a worker, and no function can go there. Give placeRules as data, or leave one out.',
    );
  }
  for (const option of layoutOptions) {
    if (settings[option] === undefined || options.includes(option)) continue;
    const takers = layoutNames.filter((name) => layoutFacts[name].options.includes(option));
    refuse(`There are no files for ${option} in the layout '${layout}': only '${takers.join("', '")}' has some.`);
  }
}
