/** Whether a function's own parts fit together: arguments, and what it returns. */
import { inputNode } from '../graph/edges.js';
import type { GraphFunction } from '../graph/function.js';
import { isList } from './node-interface.js';
import type { Scope } from './scope.js';
import { fits, inputTypes, isWrong, typeNames } from './tensor-types.js';

export function checkFunction(checked: GraphFunction, scope: Scope): void {
  const { findings, wiring } = scope;
  for (const args of [checked.inputs, checked.outputs]) {
    const seen = new Set<string>();
    const twice = args.find(({ name }) => seen.size === seen.add(name).size)?.name;
    if (twice !== undefined) findings.error('NAME_TWICE', undefined, `two arguments or results are called '${twice}'`);
  }
  for (const result of checked.outputs) {
    const text = checked.returns.get(result.name);
    if (text === undefined) {
      findings.error(
        'FUNCTION_RETURN',
        undefined,
        `the function does not say which tensor its result '${result.name}' is`,
      );
      continue;
    }
    const types = inputTypes(text, wiring.positionOf(inputNode(text)), scope);
    if (isWrong(types)) {
      const message = types.message.replace(/^its input /, '');
      findings.error('FUNCTION_RETURN', undefined, `the tensor of its result '${result.name}' is wrong: ${message}`);
    } else if (types && !isList(result) && !(types.length === 1 && fits(types[0] as number, result.type))) {
      findings.error(
        'FUNCTION_RETURN',
        undefined,
        `its result '${result.name}' is ${typeNames([result.type])}, and the tensor '${text}' is ${typeNames(types)}`,
      );
    }
  }
  for (const [name, node] of checked.controlReturns) {
    if (wiring.has(node)) continue;
    // TensorFlow runs such a function, without that output.
    findings.warning(
      'FUNCTION_RETURN',
      undefined,
      `its control output '${name}' is '${node}', which names no node of it`,
    );
  }
}
