/**
 * A function as a graph of its own, which is how Ascend's offline compiler takes it: arguments and results are nodes
 * (`_Arg`, `_Retval`), and inputs are written as in graphs. Names as its own converter gives them (func2graph.py).
 */
import { PermafrostError } from '../../errors.js';
import { readAttribute } from '../../graph/attributes.js';
import { inputNode, isControlInput, tensorName } from '../../graph/edges.js';
import { encodeNode } from '../../graph/encode-node.js';
import type { GraphFunction } from '../../graph/function.js';
import type { FunctionLibrary } from '../../graph/library.js';
import type { GraphNode } from '../../graph/node.js';
import { opSignature } from '../../graph/op-signature.js';
import { outputNumber } from '../../inline/output-number.js';
import { decoding } from '../../proto/decoding.js';
import { type AttrValue, type MessageName, messageType } from '../../proto/types.js';

/** What TensorFlow 2.21 says of `_Retval` in an encoded OpDef: the compiler refuses results without it. */
const retvalOpDef = Buffer.from(
  '0a075f52657476616c120a0a05696e70757422015422090a0154120474797065220e0a05696e6465781203696e742801880101',
  'hex',
);

/**
 * @returns NodeDefs as protobufjs decodes them.
 * @throws PermafrostError UNSUPPORTED where a type is left to the call, or outputs of a node have no known order;
 * GRAPH_INVALID where the body names what is not there.
 */
export function functionNodes(given: GraphFunction, library: FunctionLibrary): object[] {
  const place = inputsOf(given, library);
  return [
    ...given.inputs.map((argument, index) => argumentNode(given, argument.name, typeOf(given, argument), index)),
    ...given.nodes.map((node) => bodyNode(node, node.inputs.map(place))),
    ...given.outputs.map((result, index) =>
      resultNode(result.name, typeOf(given, result), index, place(given.returns.get(result.name) ?? result.name)),
    ),
  ];
}

/** From the body's notation to that of graphs. */
function inputsOf(given: GraphFunction, library: FunctionLibrary): (input: string) => string {
  const nodes = new Map(given.nodes.map((node) => [node.name, node]));
  const args = new Set(given.inputs.map(({ name }) => name));
  return (input) => {
    const name = inputNode(input);
    const node = nodes.get(name);
    if (!node && !args.has(name)) {
      throw new PermafrostError(
        'GRAPH_INVALID',
        `The function '${given.name}' uses '${input}', and has no such node or argument. The file may be damaged.`,
      );
    }
    if (!node || isControlInput(input)) return input;
    const port = portOf(given, node, input, library);
    return tensorName(name, port);
  };
}

function portOf(given: GraphFunction, node: GraphNode, input: string, library: FunctionLibrary): number {
  if (library.byName.has(node.op) || opSignature(node.op)) return outputNumber(library, node, input);
  // The one output of a custom op is the first, whatever it is called.
  if (readAttribute(node, '_output_shapes')?.list?.shape?.length === 1) return 0;
  throw new PermafrostError(
    'UNSUPPORTED',
    `The function '${given.name}' cannot be written for Ascend's compiler: the outputs of '${node.op}' (node ` +
      `'${node.name}') are not known, since TensorFlow itself has no such op. Place the graph without 'npu', or take ` +
      'the op out of the function.',
  );
}

/** A NodeDef with the fields that the compiler knows: it refuses text with those of later versions of TensorFlow. */
interface Node {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  readonly device?: string;
  readonly attr: Readonly<Record<string, object>>;
}

function argumentNode(given: GraphFunction, name: string, type: number, index: number): Node {
  const own = argumentAttributes(given, index);
  const shapes = own._output_shapes;
  const shape = shapes?.list?.shape?.[0] ?? shapes?.shape;
  const notes = Object.entries(own).filter(([key]) => key.startsWith('_'));
  const attr = {
    ...Object.fromEntries(notes),
    T: { type },
    index: { i: index },
    ...(shape ? { shape: { shape } } : {}),
  };
  return { name, op: '_Arg', input: [], attr };
}

function resultNode(name: string, type: number, index: number, input: string): Node {
  const attr = { T: { type }, index: { i: index }, op_def: { s: retvalOpDef } };
  return { name: `${name}_Retval`, op: '_Retval', input: [input], attr };
}

function bodyNode(node: GraphNode, input: readonly string[]): Node {
  const { name, op, device } = node;
  const attr = attributesOf('NodeDef', encodeNode(node), () => `Node '${name}' (${op})`);
  return { name, op, input, ...(device === '' ? {} : { device }), attr };
}

function argumentAttributes(given: GraphFunction, index: number): Readonly<Record<string, AttrValue>> {
  const encoded = given.argumentAttributes.get(index) ?? new Uint8Array(0);
  return attributesOf('FunctionDef.ArgAttrs', encoded, () => `What the function '${given.name}' says of its arguments`);
}

function attributesOf(type: MessageName, encoded: Uint8Array, what: () => string): Readonly<Record<string, AttrValue>> {
  return decoding(what, () => (messageType(type).decode(encoded) as { attr?: Record<string, AttrValue> }).attr ?? {});
}

function typeOf(given: GraphFunction, { name, type }: GraphFunction['inputs'][number]): number {
  if (type !== 0) return type;
  throw new PermafrostError(
    'UNSUPPORTED',
    `The function '${given.name}' cannot be written for Ascend's compiler: each call gives '${name}' a type of its own. ` +
      'Freeze with inline (--inline), which makes a graph without functions.',
  );
}
