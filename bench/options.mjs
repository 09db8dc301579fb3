import { parseArgs } from 'node:util';

/**
 * @param {readonly string[]} args
 * @param {readonly string[]} known names of the parts
 * @returns {{ help: boolean, quick: boolean, only: readonly string[] }} `only` has all parts if none was named
 * @throws {Error} with what can be given
 */
export function readOptions(args, known) {
  const types = { help: { type: 'boolean' }, quick: { type: 'boolean' }, only: { type: 'string', multiple: true } };
  const { values } = parseArgs({ args: [...args], options: types });
  const named = (values.only ?? []).flatMap((names) => names.split(','));
  const unknown = named.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`There is no part '${unknown}'. The parts are ${known.join(', ')}.`);
  const only = named.length === 0 ? known : known.filter((name) => named.includes(name));
  return { help: values.help ?? false, quick: values.quick ?? false, only };
}
