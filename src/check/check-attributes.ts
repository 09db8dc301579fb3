/** Whether the attributes of a node are those that its op has, of the kinds and values that it takes. */
import type { GraphNode } from '../graph/node.js';
import type { OpAttribute, OpSignature } from '../graph/op-signature.js';
import { dataTypeName, isDataType } from '../proto/data-types.js';
import type { AttributeValue } from './attribute-value.js';
import type { Findings } from './finding.js';
import type { NodeAttributes } from './node-attributes.js';

export function checkAttributes(
  node: GraphNode,
  { attributes: declared }: OpSignature,
  attributes: NodeAttributes,
  findings: Findings,
  /** In the body of a function an attribute may stand for one of the call. */
  inFunction: boolean,
): void {
  for (const attribute of declared) {
    const value = attributes.get(attribute.name);
    if (value?.kind === undefined) {
      findings.error(
        'ATTRIBUTE_MISSING',
        node.name,
        `${node.op} needs an attribute '${attribute.name}' (${attribute.kind}), which the node does not have`,
      );
    } else if (value.kind !== 'placeholder' || !inFunction) checkValue(node, attribute, value, findings);
  }
  for (const name of attributes.names()) {
    // Names with a leading underscore are notes that any node may carry.
    if (name.startsWith('_') || declared.some((attribute) => attribute.name === name)) continue;
    // TensorFlow takes the graph all the same, as it may come from a newer version.
    findings.warning(
      'ATTRIBUTE_UNKNOWN',
      node.name,
      `the node has an attribute '${name}', which ${node.op} of TensorFlow 2.21 does not have`,
    );
  }
}

function checkValue(node: GraphNode, attribute: OpAttribute, value: AttributeValue, findings: Findings): void {
  const found = kindOf(value);
  const isList = attribute.kind.startsWith('list(');
  if (found !== attribute.kind && !(isList && found === 'list()')) {
    const wanted = `${attribute.kind} '${attribute.name}'`;
    findings.error('ATTRIBUTE_KIND', node.name, `${node.op} needs a ${wanted}; the node's is a ${found}`);
    return;
  }
  const wrong = wrongValue(attribute, value);
  if (wrong !== undefined) {
    findings.error('ATTRIBUTE_VALUE', node.name, `attribute '${attribute.name}' of ${node.op} ${wrong}`);
  }
}

/** As an OpDef names it: `type`, `list(int)`; `list()` for an empty list. */
function kindOf({ kind, list }: AttributeValue): string {
  return kind === 'list' ? `list(${[...list.members].join(' and ')})` : String(kind);
}

/** What is wrong with a value of the right kind. */
function wrongValue({ kind, minimum, allowed }: OpAttribute, value: AttributeValue): string | undefined {
  const size = kind === 'int' ? value.number : value.list.length;
  if (minimum !== undefined && size < minimum) {
    return kind === 'int' ? `is ${size}, below ${minimum}` : `lists ${size} values, and must list ${minimum} or more`;
  }
  const types = kind === 'type' ? [value.number] : value.list.types;
  const impossible = types.find((type) => !isDataType(type));
  if (impossible !== undefined) return `is ${dataTypeName(impossible)}, which is no type of a value`;
  if (!allowed) return undefined;
  const values = kind.includes('type') ? types.map(String) : textsOf(kind, value);
  const other = values.find((each) => !allowed.includes(each));
  if (other === undefined) return undefined;
  const show = kind.includes('type') ? (each: string) => dataTypeName(Number(each)) : (each: string) => `'${each}'`;
  return `is ${show(other)}, and must be one of ${allowed.map(show).join(', ')}`;
}

function textsOf(kind: string, { payload, list }: AttributeValue): string[] {
  const texts = kind === 'string' ? [payload] : list.payloads;
  return texts.map((bytes) => Buffer.from(bytes).toString('utf8'));
}
