/** Tells which random ops are left, and why: a model for inference has some only where they are part of it. */
import type { GraphNode } from '../../graph/node.js';
import { dataUpstream } from '../../graph/upstream.js';
import type { Scope } from '../scope.js';
import { type FoundNoise, followRandom } from './find-noise.js';
import type { Origin, RandomValue } from './random-value.js';
import { ratesOfData } from './rates-of-data.js';
import { isItselfUsed } from './training-only.js';

const randomOps =
  /^(Random(Uniform(Int)?|StandardNormal|Gamma|Poisson(V2)?|Shuffle)|(Parameterized)?TruncatedNormal|Multinomial|StatelessMultinomial|Stateless(ParameterizedTruncatedNormal|Truncated\w+|Random(?!GetKeyCounter|GetAlg)\w+|DropOutGenMask)|Stateful(Random\w+|Standard\w+|Truncated\w+|Uniform\w*)|DropOutGenMask(V\d)?|\w+CandidateSampler)$/;

export function isRandomOp(op: string): boolean {
  return randomOps.test(op);
}

export function noteRandomOps(scope: Scope): void {
  const left = scope.needed.nodes().filter(({ op }) => isRandomOp(op));
  if (left.length === 0) return;
  const reasonOf = reasons(scope);
  for (const node of left) scope.note('dropout', node.name, `stays random: ${reasonOf(node)}`);
}

function reasons(scope: Scope): (random: GraphNode) => string {
  const { found, values } = followRandom(scope);
  const needed = dataUpstream(scope.graph, scope.outputs, ({ inputs }) => inputs);
  const isOfData = ratesOfData(scope, found, needed);
  const noises = byRandom(found);
  // In the order of execution: the last one is the one that led furthest.
  const furthest = new Map([...values].map(([name, value]) => [value.random, { name, value }]));
  return ({ name }) => {
    const noise = noises.get(name);
    if (noise) return whyKept(scope, noise, isOfData);
    const end = furthest.get(name);
    return end ? whyNone(scope, end.name, end.value) : 'no dropout is made of such numbers';
  };
}

function byRandom(found: readonly FoundNoise[]): ReadonlyMap<string, FoundNoise> {
  return new Map(found.map((noise) => [noise.random, noise]));
}

function whyKept(scope: Scope, noise: FoundNoise, isOfData: (noise: FoundNoise) => boolean): string {
  const { name } = noise.node;
  if (isOfData(noise)) return `'${name}' keeps data by a rate that is computed from data, '${noise.rate}'`;
  if (isItselfUsed(scope, noise)) return `what '${name}' drops of its data is what the model takes`;
  return `the outputs are computed from '${noise.origin}' in other ways than by the dropout '${name}' too`;
}

function whyNone(scope: Scope, name: string, value: RandomValue & Origin): string {
  if (value.kind === 'masked' || value.kind === 'filled' || value.kind === 'picked') {
    return `'${name}' drops data by the mask '${value.origin}', and nothing scales them to make up for it`;
  }
  const readers = scope.readers(name).filter(({ node }) => scope.needed.has(node.name));
  const [reader] = readers;
  const taker = reader ? `'${reader.node.name}' (${reader.node.op}) takes` : 'an output takes';
  if (value.kind === 'mask' || value.kind === 'rows') return `${taker} the mask '${value.origin}', which is no dropout`;
  if (value.kind === 'uniform') return `${taker} its numbers, which is no dropout`;
  return `${taker} its numbers, and neither a branch of inference nor a name tells that they are for training alone`;
}
