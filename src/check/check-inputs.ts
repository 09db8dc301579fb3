/** Whether the inputs of a node are there, as many as it takes, and of the types that it takes. */
import { isControlInput } from '../graph/edges.js';
import type { GraphNode } from '../graph/node.js';
import { listed } from '../listed.js';
import { shortName } from '../printable.js';
import { dataTypeName } from '../proto/data-types.js';
import { type Ports, typeAt } from './ports.js';
import type { Scope } from './scope.js';
import { controlFault, fits, inputTypes, isWrong, mostListed } from './tensor-types.js';

export function checkInputs(node: GraphNode, position: number, scope: Scope): void {
  const { findings, wiring } = scope;
  const first = wiring.firstInputs[position] as number;
  const known = scope.interfaces[position];
  /** The type of each tensor that comes in; undefined from where on it is not known how many there are. */
  let given: { readonly text: string; readonly type: number }[] | undefined = [];
  let control: string | undefined;
  for (const [number, text] of node.inputs.entries()) {
    const producer = wiring.sourceOf(first + number);
    if (isControlInput(text)) {
      control = text;
      const fault = controlFault(text, producer, scope);
      if (fault) findings.error(fault.code, node.name, fault.message);
      continue;
    }
    if (control !== undefined) {
      findings.error('INPUT_FORM', node.name, `its input '${text}' stands behind the control input '${control}'`);
    }
    const types = inputTypes(text, producer, scope);
    if (isWrong(types)) {
      findings.error(types.code, node.name, types.message);
      given?.push({ text, type: 0 });
    } else if (types) for (const type of types) given?.push({ text, type });
    else given = undefined;
  }
  if (known && given) compare(node, given, known.inputs, scope);
}

function compare(
  node: GraphNode,
  given: readonly { readonly text: string; readonly type: number }[],
  ports: Ports,
  { findings }: Scope,
): void {
  const { count, list } = ports;
  if (count !== given.length) {
    const names = listed(list, mostListed, (port) => (port.count === 1 ? port.name : `${port.count} of ${port.name}`));
    const takes = count === 0 ? 'none' : `${count} (${names})`;
    findings.error('INPUT_COUNT', node.name, `${node.op} takes ${takes} inputs here; the node has ${given.length}`);
    return;
  }
  const op = shortName(node.op);
  let at = 0;
  for (const port of list) {
    for (let index = 0; index < port.count; index++) {
      const wanted = typeAt(port, index) as number;
      const { text, type } = given[at++] as (typeof given)[number];
      if (fits(type, wanted)) continue;
      findings.error(
        'INPUT_TYPE',
        node.name,
        `its input '${text}' is ${dataTypeName(type)}, and '${shortName(port.name)}' of ${op} is ${dataTypeName(wanted)} here`,
      );
    }
  }
}
