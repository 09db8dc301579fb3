// Runs graph models on one backend of TensorFlow.js, from the given one on, and prints a line for each: what is wrong with
// its numbers, or null. Ends at one that breaks the backend, since whatever ran after it would be wrong, too.
//
//     node run-cases.mjs BACKEND FILE FIRST
import { readFileSync } from 'node:fs';
import { chooseBackend, difference, loadGraphModel, runTfjs } from '../../test/support/tfjs.mjs';

const [backend, file, first] = process.argv.slice(2);
const tolerance = 1e-3;

async function faultOf({ feeds, fetches, json, weights }) {
  try {
    const model = await loadGraphModel(json, Buffer.from(weights, 'base64'));
    return difference(fetches, await runTfjs(model, feeds), tolerance) ?? null;
  } catch (error) {
    return `fails: ${String(error?.message ?? error)
      .split('\n')[0]
      .slice(0, 200)}`;
  }
}

await chooseBackend(backend);
const cases = readFileSync(file, 'utf8').trimEnd().split('\n').slice(Number(first));
for (const line of cases) {
  const fault = await faultOf(JSON.parse(line));
  console.log(JSON.stringify(fault));
  if (/Aborted|memory access|unreachable/.test(fault ?? '')) process.exit(0);
}
