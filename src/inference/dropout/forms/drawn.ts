/** Where numbers are drawn. */
import { normalOps, uniformOps } from '../../../graph/op-kinds/random.js';
import type { Form } from './form.js';

export const drawn: Form = ({ node }) => {
  const from = { origin: node.name, random: node.name };
  if (uniformOps.has(node.op)) return { kind: 'uniform', low: 0, high: 1, ...from };
  return normalOps.has(node.op) ? { kind: 'normal', mean: 0, deviation: 1, ...from } : undefined;
};
