/** Why an op cannot take a value where it took a variable, in people's words. */
import { PermafrostError } from '../../errors.js';
import type { GraphNode } from '../../graph/node.js';

/** Ops that draw numbers by a state, which they leave changed: those of `tf.random.Generator`. */
const generatorOps =
  /^(Rng(ReadAnd)?Skip|Stateful(Uniform(Full)?(Int)?|StandardNormal(V2)?|TruncatedNormal|RandomBinomial))$/;

/**
 * @param named the node in words, with its op.
 * @param takesReference whether it takes a reference, rather than a handle.
 */
export function takesNoValue(
  variable: string,
  node: GraphNode,
  named: string,
  takesReference: boolean,
): PermafrostError {
  const isGenerator = generatorOps.test(node.op);
  const needs = takesReference ? 'writes to it or asks about its state' : 'needs its handle, not its value';
  const why = isGenerator
    ? 'draws random numbers by it. It is the state of a random generator, which every run changes; a frozen graph keeps none'
    : `${needs}, and the outputs need that node`;
  const advice = isGenerator
    ? `Layers that augment images do so in training only: save the model as called with training=False. Or choose`
    : 'Choose';
  return new PermafrostError(
    'VARIABLE_NOT_FREEZABLE',
    `Variable '${variable}' cannot become a constant: ${named} ${why}. ${advice} outputs that do without '${node.name}', or ` +
      `put '${variable}' on the deny list.`,
  );
}
