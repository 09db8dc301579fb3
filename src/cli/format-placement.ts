/** Where nodes were placed, as people read it: a line a device, then what could not be where it was wanted, then what crosses. */
import type { CopiedConstant } from '../devices/constants/copy-constants.js';
import type { StoredConstant, UnmetWish } from '../devices/constants/store-constants.js';
import type { CrossingReport, FallbackReport, PlacementReport } from '../devices/placement-report.js';
import { listNames } from '../nearest.js';
import { formatBytes } from './format-bytes.js';

/** How many of each kind are listed; `--json` has all. */
const listed = 8;

export function formatPlacement(report: PlacementReport): string[] {
  const { devices, fallbacks, crossings, isCutShort } = report;
  const width = Math.max(...devices.map(({ device }) => nameOf(device).length));
  const bytes = crossings.reduce((sum, crossing) => sum + (crossing.movesMemory ? crossing.bytes : 0), 0);
  const open = crossings.filter((crossing) => crossing.movesMemory && crossing.bytes === 0).length;
  return [
    ...devices.map(
      ({ device, nodes, constants, bytes: size }) =>
        `  device   ${nameOf(device).padEnd(width)}  ${nodes} nodes, ${constants} constants of ${formatBytes(size)}`,
    ),
    ...most(fallbacks, 'fallback', formatFallback),
    ...(crossings.length > 0
      ? [
          `  crossing ${crossings.length} tensors between devices, ${formatBytes(bytes)} at least` +
            (open > 0 ? ` and ${open} whose size the graph does not say` : ''),
        ]
      : []),
    ...most(crossings, 'crossing', formatCrossing),
    ...(isCutShort ? ['  crossing there may be ways with fewer: the search took too long and was ended'] : []),
    ...(report.unusedRules.length > 0
      ? [`  warning  ${report.unusedRules.length} rules that no node follows: ${listNames(report.unusedRules)}`]
      : []),
    ...most(report.copiedConstants, 'copied', formatCopy),
    ...most(report.storedConstants, 'stored', formatStored),
    ...most(report.unmetWishes, 'unmet', formatWish),
  ];
}

function nameOf(device: string): string {
  return device === '' ? '(left open)' : device;
}

function most<T>(all: readonly T[], word: string, format: (each: T) => string): string[] {
  const start = `  ${word.padEnd(8)}`;
  const lines = all.slice(0, listed).map((each) => `${start} ${format(each)}`);
  return all.length > listed ? [...lines, `${start} and ${all.length - listed} more`] : lines;
}

function formatFallback({ op, wanted, device, reason, nodes }: FallbackReport): string {
  const which = nodes.length === 1 ? nodes[0] : `${nodes.length} nodes (${nodes[0]}, …)`;
  return `${op} ${which}: ${nameOf(device)} and not ${wanted}: ${reason}`;
}

function formatCrossing({ tensor, from, to, readers, bytes, movesMemory }: CrossingReport): string {
  const size = movesMemory ? (bytes > 0 ? formatBytes(bytes) : 'unknown size') : 'stays in host memory';
  const who = readers.length === 1 ? readers[0] : `${readers.length} readers`;
  return `${tensor} (${size}) ${from} to ${to}, for ${who}`;
}

function formatCopy({ constant, copy, device, bytes }: CopiedConstant): string {
  return `${constant} (${formatBytes(bytes)}) for ${device}: ${copy}`;
}

function formatStored({ constant, device, storedAs }: StoredConstant): string {
  return `${constant} as ${storedAs}, as ${device} wants it`;
}

function formatWish({ device, type, wanted, reason, constants }: UnmetWish): string {
  const which = constants.length === 1 ? constants[0] : `${constants.length} constants (${constants[0]}, …)`;
  return `${which}: ${type}, and ${device} wants ${wanted}: ${reason}`;
}
