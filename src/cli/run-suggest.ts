/** What `permafrost suggest` prints. */
import { readSuggestOptions, type SuggestOptions, type SuggestReport, suggestHere } from '../api/suggest.js';
import { shapeInOptions } from '../graph/shape-text.js';
import { describeOutput } from '../inference/suggest/describe.js';
import { asJson, asText } from './print.js';
import { reportError } from './run-freeze.js';

/** People read no more; `--json` has all. */
const listed = 20;

/** Never rejects. */
export async function runSuggest(options: SuggestOptions, json: boolean): Promise<void> {
  try {
    const report = await suggestHere(readSuggestOptions(options));
    console.log(json ? asJson(report) : formatSuggestions(report));
  } catch (error) {
    reportError(error, { json });
  }
}

export function formatSuggestions({ graph, graphKind, inputs, outputs, auto }: SuggestReport): string {
  const feeds = inputs.map(
    ({ use, tensor, dtype, shape, reasons }) =>
      `${use.padEnd(9)} ${tensor}  ${dtype}${shapeInOptions(shape)}  ${reasons.join('; ')}`,
  );
  const ends = outputs.map((output) => `${output.confidence.padEnd(9)} ${describeOutput(output)}`);
  const verdict = auto ? `--outputs auto takes ${auto.join(', ')}` : 'it is ambiguous: name the outputs that you want';
  return asText([`${graph}, ${graphKind}`, 'outputs', ...list(ends), 'inputs', ...list(feeds), verdict]);
}

function list(lines: readonly string[]): string[] {
  if (lines.length === 0) return ['  none found'];
  const more = lines.length > listed ? [`  and ${lines.length - listed} more, which --json lists`] : [];
  return [...lines.slice(0, listed).map((line) => `  ${line}`), ...more];
}
