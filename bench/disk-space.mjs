/**
 * Free bytes that the cases need at most: all models that are not there yet, and the largest output, which is removed before
 * the next is written. Of sparse models only what is no hole counts.
 * @param {readonly import('./parts.mjs').Case[]} cases
 * @param {(model: import('./models/prepare.mjs').ModelToMake) => boolean} isThere
 */
export function neededSpace(cases, isThere) {
  const models = new Map(cases.flatMap(({ models }) => models.map((model) => [model.name, model])));
  const missing = [...models.values()].filter((model) => !isThere(model));
  const made = missing.reduce((sum, { disk }) => sum + disk, 0);
  return made + Math.max(0, ...cases.map(({ written }) => written));
}

/** @throws {Error} if there is too little space for what was chosen */
export function requireSpace(needed, free, folder) {
  const inGigabytes = (bytes) => `${(bytes / 1e9).toFixed(1)} GB`;
  if (free >= needed) return;
  throw new Error(
    `The benchmarks need ${inGigabytes(needed)} free for models and outputs, and ${folder} has ${inGigabytes(free)}. ` +
      'Free some, choose parts with --only, or run with --quick.',
  );
}
