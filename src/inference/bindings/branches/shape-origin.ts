/** Which tensor another has the shape of, as far as the graph says it without running. */
import { readSmallConstant } from '../../../evaluate/small-constant.js';
import { dataInputs, parseInput, tensorName } from '../../../graph/edges.js';
import type { GraphNode } from '../../../graph/node.js';
import { identityOps } from '../../../graph/op-kinds/handing-on.js';
import { constantForm } from '../../../graph/shape.js';
import type { Scope } from '../../scope.js';

/** Ops whose output has the shape of their first input, whatever the others are. */
const unary: ReadonlySet<string> = new Set([
  ...identityOps,
  ...[
    'Cast',
    'Relu',
    'Relu6',
    'Elu',
    'Selu',
    'LeakyRelu',
    'Softplus',
    'Sigmoid',
    'Tanh',
    'Neg',
    'Abs',
    'Sqrt',
    'Square',
  ],
  ...['Exp', 'Log', 'Softmax', 'BiasAdd', 'ZerosLike', 'OnesLike'],
]);
/** Ops whose output has the shape that those of all inputs stretch to. */
const stretching = /^(Add|AddV2|Sub|Mul|RealDiv|Div|Maximum|Minimum|Greater(Equal)?|Less(Equal)?|SelectV2)$/;
const ofGivenShape =
  /^(RandomUniform|RandomStandardNormal|TruncatedNormal|StatelessRandom(Uniform|Normal)(V2)?|StatelessTruncatedNormal(V2)?|Fill)$/;

/** A graph that hides it better keeps what it has. */
const maxSteps = 64;

/** The origin of a single number, which fits everywhere. */
export const scalarOrigin = '';

/** @returns the name of a tensor of the same shape; `scalarOrigin`; the tensor itself where nothing says more. */
export function shapeOrigin(scope: Scope, tensor: string): string {
  let steps = 0;
  const originOf = (input: string): string => {
    const { node: name, port } = parseInput(input);
    const node = scope.node(name);
    const text = tensorName(name, port);
    if (!node || port !== 0 || ++steps > maxSteps) return text;
    const inputs = dataInputs(node);
    const [first = ''] = inputs;
    if (isScalar(node)) return scalarOrigin;
    if (unary.has(node.op) && first !== '') return originOf(first);
    if (ofGivenShape.test(node.op)) return shapedLike(scope, first, originOf) ?? text;
    if (!stretching.test(node.op)) return text;
    const origins = new Set(inputs.map(originOf));
    origins.delete(scalarOrigin);
    const [only = scalarOrigin] = origins;
    return origins.size > 1 ? text : only;
  };
  return originOf(tensor);
}

function shapedLike(scope: Scope, shape: string, originOf: (input: string) => string): string | undefined {
  let node = scope.node(parseInput(shape).node);
  for (let steps = 0; node && /^(Identity|Cast)$/.test(node.op) && steps < maxSteps; steps++) {
    node = scope.node(parseInput(node.inputs[0] ?? '').node);
  }
  if (node?.op === 'Shape') return originOf(node.inputs[0] ?? '');
  return node && readSmallConstant(node)?.elementCount === 0 ? scalarOrigin : undefined;
}

function isScalar(node: GraphNode): boolean {
  return node.op === 'Const' && constantForm(node)?.shape.length === 0;
}
