// Files beside a model that say where nodes go, and which variable is which.
import { describe } from 'vitest';
import { floatNode, graphDef, type NodeLiteral } from '../support/graph-def.js';
import { smallNodes } from '../support/model.js';
import { type Attack, filledGraph, freezing, times, withstands } from './attack.js';

function beside(content: string, ...flags: string[]): Attack {
  const attack = freezing(graphDef(smallNodes), ...flags, 'rules.json');
  return { ...attack, files: { ...attack.files, 'rules.json': content } };
}

const placed = (content: string): Attack => beside(content, '--place', 'cpu', '--place-rules');
const mapped = (content: string): Attack => beside(content, '--variable-map');

/** For a chain of as many nodes as fit, the last of which that is needed has the number `last`. */
function rulesForMany(ruleAt: (index: number) => object, count: number, before = 'n', last = 15_000): Attack {
  const attack = placed(JSON.stringify(Array.from({ length: count }, (_, at) => ({ ...ruleAt(at), device: 'cpu:0' }))));
  const nodeAt = (index: number): NodeLiteral =>
    floatNode('Neg', `${before}${index}`, index > 0 ? `${before}${index - 1}` : 'y');
  return {
    ...attack,
    files: { ...attack.files, 'graph.pb': filledGraph(nodeAt, graphDef(smallNodes)) },
    args: attack.args.map((arg) => (arg === 'y' ? `${before}${last}` : arg)),
  };
}

describe('rules of', () => {
  withstands({
    'arrays in arrays': ['INVALID_ARGUMENT', () => placed('['.repeat(900_000))],
    'arrays in arrays, as deep as can be read': [
      'INVALID_ARGUMENT',
      () => placed(`[{"name":"a","device":${'['.repeat(3_000)}${']'.repeat(3_000)}}]`),
    ],
    'nothing, 300,000 times': ['INVALID_ARGUMENT', () => placed(`[${times('{},', 900_000)}{}]`)],
    '50,000 keys': [
      'INVALID_ARGUMENT',
      () => placed(`[{${Array.from({ length: 50_000 }, (_, index) => `"k${index}":"w"`).join(',')}}]`),
    ],
    'patterns of stars and question marks': [
      undefined,
      () => placed(`[${times('{"name":"*a*b?c*d*e","device":"cpu:0"},', 900_000)}{"name":"*","device":"cpu:0"}]`),
    ],
    '15,000 ops, which a graph of 15,000 nodes is asked for': [
      undefined,
      () => rulesForMany((index) => ({ op: `Neg${index}` }), 15_000),
    ],
    '20,000 ends of names, which a graph of 15,000 nodes is asked for': [
      undefined,
      () => rulesForMany((index) => ({ name: `*_${index}` }), 20_000),
    ],
    '20,000 pieces of names, which a graph of 15,000 nodes is asked for': [
      'LIMIT_EXCEEDED',
      () => rulesForMany((index) => ({ name: `*_${index}*` }), 20_000),
    ],
    '15,000 patterns, which names of 900 characters are asked for': [
      'LIMIT_EXCEEDED',
      () => rulesForMany(() => ({ name: '*aaaaaaaaaa?b*c*' }), 15_000, `${'a'.repeat(900)}cxbc`, 450),
    ],
    '4,000 regular expressions, which a graph of 15,000 nodes is asked for': [
      'LIMIT_EXCEEDED',
      () => rulesForMany(() => ({ regex: '_1' }), 4_000),
    ],
    '1,000 regular expressions, which names of 900 characters are asked for': [
      'LIMIT_EXCEEDED',
      () => rulesForMany(() => ({ regex: 'a[ab]{3}[c]' }), 1_000, 'ab'.repeat(450), 450),
    ],
    '3,000 regular expressions of 1,000 repetitions': [
      'LIMIT_EXCEEDED',
      () => rulesForMany(() => ({ regex: 'a[ab]{1000}c' }), 3_000),
    ],
    '650 regular expressions of as many letters of Unicode as they may have': [
      undefined,
      () => rulesForMany(() => ({ regex: '\\pL\\PL\\pN\\PN\\pS\\PS' }), 650, 'n', 20),
    ],
    'a regular expression of 900 kB': [
      'LIMIT_EXCEEDED',
      () => placed(`[{"regex":"${times('(a|b)*', 900_000)}","device":"cpu:0"}]`),
    ],
    'a regular expression of 10^12 repetitions': [
      'LIMIT_EXCEEDED',
      () => placed('[{"regex":"((((a{1000}){1000}){1000}){1000})","device":"cpu:0"}]'),
    ],
  });
});

describe('a map of', () => {
  withstands({
    'objects in objects': ['INVALID_ARGUMENT', () => mapped('{"a":'.repeat(180_000))],
    'objects in objects that all end': [
      'INVALID_ARGUMENT',
      () => mapped(`${'{"a":'.repeat(160_000)}1${'}'.repeat(160_000)}`),
    ],
    '50,000 names': [
      'INVALID_ARGUMENT',
      () => mapped(`{${Array.from({ length: 50_000 }, (_, index) => `"v${index}":"w"`).join(',')}}`),
    ],
  });
});

describe("a 'checkpoint' file of", () => {
  const named = (content: string): Attack => {
    const args = ['freeze', '--graph', 'graph.pb', '--checkpoint', 'state', '--out', 'frozen.pb', '--outputs', 'y'];
    return { files: { 'graph.pb': graphDef(smallNodes), 'state/checkpoint': content }, args };
  };
  const notFound = 'CHECKPOINT_NOT_FOUND';
  withstands({
    '30,000 paths': [
      notFound,
      () => named(`model_checkpoint_path: "a"\n${times('all_model_checkpoint_paths:"a"\n', 980_000)}`),
    ],
    'a path of a megabyte': [notFound, () => named(`model_checkpoint_path: "${times('a', 980_000)}"`)],
  });
});
