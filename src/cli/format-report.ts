/** The report of a freeze as people read it. */
import type { FreezeReport, SignatureReport, SignatureTensorReport } from '../api/report.js';
import { shapeText } from '../graph/shape-text.js';
import { layoutFacts } from '../layouts/layout-name.js';
import { listNames } from '../nearest.js';
import { formatBytes } from './format-bytes.js';
import { formatChanges } from './format-changes.js';
import { formatOptimizations } from './format-optimizations.js';
import { formatPlacement } from './format-placement.js';
import { asText } from './print.js';

/** How many of the largest variables are listed. */
const listed = 5;

export function formatReport(report: FreezeReport): string {
  const { variables, milliseconds: time } = report;
  const facts = layoutFacts[report.layout];
  const stored = variables.reduce((sum, variable) => sum + variable.bytes, 0);
  const verb = report.out === undefined ? 'Would freeze' : 'Froze';
  const files = report.files.length === 1 ? '' : ` in ${report.files.length} files`;
  const lines = [
    report.checkpoint === undefined
      ? `${verb} a model without variables`
      : `${verb} ${variables.length} variables (${formatBytes(stored)}) of ${report.checkpoint}`,
    `  graph    ${report.graph}, ${report.graphKind}: ${report.nodesBefore} nodes, ${report.nodesAfter} kept`,
    `  outputs  ${report.outputs.join(', ')}`,
    `  frozen   ${report.out ?? '(dry run: nothing written)'}, ${formatBytes(report.bytes)}${files}`,
    `  time     ${formatTime(time.total)}: read ${formatTime(time.read)}, rewrite ${formatTime(time.rewrite)}, ` +
      `plan ${formatTime(time.plan)}, write ${formatTime(time.write)}`,
  ];
  const largest = [...variables].sort((a, b) => b.bytes - a.bytes).slice(0, listed);
  lines.push(...describeWeights(variables));
  const unchanged = report.unchangedWeights;
  if (unchanged.length > 0) {
    lines.push(
      `  exact    ${unchanged.length} that rules for weights match can only stay as they are: ${listNames(unchanged)}`,
    );
  }
  lines.push(...largest.map((each, index) => `  ${index === 0 ? 'largest ' : '        '} ${describe(each)}`));
  if (report.signature) lines.push(...describeSignature(report.signature));
  for (const { tensor, file, exists } of report.assets) {
    const advice = facts.copiesAssets ? 'its copy comes along' : "feed it with the file's path where the graph runs";
    lines.push(`  asset    ${tensor} stands for ${file}${exists ? '' : ', which is missing'}: ${advice}`);
  }
  const kept = report.keptVariables;
  if (kept.length > 0) lines.push(`  kept     ${kept.length} as variables, as the lists say: ${kept.join(', ')}`);
  const writes = report.droppedWrites;
  if (writes.length > 0) lines.push(`  writes   ${writes.length} left out, their results kept: ${writes.join(', ')}`);
  lines.push(...formatChanges(report.changes), ...formatAverages(report));
  lines.push(...formatOptimizations(report.optimizations));
  if (report.placement) lines.push(...formatPlacement(report.placement));
  const tables = report.tableInitializers;
  const runner = facts.loaderFillsTables ? 'the loader, which runs' : 'running, once and first';
  if (tables.length > 0) lines.push(`  tables   are filled by ${runner}: ${tables.join(', ')}`);
  return asText(lines);
}

function describe({ name, key, dtype, shape, bytes }: FreezeReport['variables'][number]): string {
  const from = key === undefined ? ', from an initialiser' : key === name ? '' : `, stored as ${key}`;
  return `${name} ${dtype}[${shape.join(', ')}] ${formatBytes(bytes)}${from}`;
}

/** What the report says of moving averages. */
function formatAverages({ withoutAverage, unusedAverages }: FreezeReport): string[] {
  const lines: string[] = [];
  if (withoutAverage.length > 0) {
    lines.push(
      `  averages ${withoutAverage.length} variables have none and keep their own value: ${listNames(withoutAverage)}`,
    );
  }
  if (unusedAverages.length > 0) {
    lines.push(
      `  averages of ${unusedAverages.length} variables are in the checkpoint and were not asked for: --ema takes them`,
    );
  }
  return lines;
}

/** What is stored in another type, and what that type has no place for. */
function describeWeights(variables: FreezeReport['variables']): string[] {
  const converted = variables.filter(({ dtype, storedAs }) => dtype !== storedAs);
  const counts = new Map<string, number>();
  for (const { storedAs } of converted) counts.set(storedAs, (counts.get(storedAs) ?? 0) + 1);
  const lines = Array.from(counts, ([type, count]) => `${count} as ${type}`);
  const lossy = converted.filter(({ overflows }) => overflows > 0);
  return [
    ...(lines.length > 0 ? [`  stored   ${lines.join(', ')}, ${variables.length - converted.length} as they are`] : []),
    ...lossy.map(
      ({ name, storedAs, overflows }) =>
        `  warning  ${overflows} of the numbers in ${name} are too large for ${storedAs}` +
        (storedAs.startsWith('int') ? ' and lost their upper bits' : ' and became infinite'),
    ),
  ];
}

/** What to feed and to fetch: a line a tensor. */
function describeSignature({ name, inputs, outputs }: SignatureReport): string[] {
  const line = (word: string, tensor: SignatureTensorReport): string => {
    const part = tensor.part === '' ? '' : ` (${tensor.part})`;
    const shape = tensor.shape ? shapeText(tensor.shape) : ' of any shape';
    const gone = tensor.kept ? '' : ', which the outputs do not need: it is not in the frozen graph';
    return `           ${word} ${tensor.name}${part}: ${tensor.tensor} ${tensor.dtype}${shape}${gone}`;
  };
  const lines = [...inputs.map((tensor) => line('feed ', tensor)), ...outputs.map((tensor) => line('fetch', tensor))];
  return [`  signature ${name}`, ...lines];
}

function formatTime(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}
