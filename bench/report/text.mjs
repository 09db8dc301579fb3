// Numbers and tables as text.

/** @param {readonly (readonly string[])[]} rows the first of them the heads */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  return [line(rows[0]), line(widths.map((width) => '-'.repeat(width))), ...rows.slice(1).map(line)];
}

/** @param {number} seconds */
export function secondsText(seconds) {
  return seconds.toFixed(3);
}

/** @param {{ median: number, least: number, most: number } | undefined} ratio with its range, where it has one */
export function ratioText(ratio) {
  if (!ratio) return '';
  const { median, least, most } = ratio;
  const range = least === most ? '' : ` (${least.toFixed(2)}–${most.toFixed(2)})`;
  return `${median.toFixed(2)}${range}`;
}

/** @param {number | undefined} bytes */
export function megabytesText(bytes) {
  return bytes === undefined ? '' : `${(bytes / 1e6).toFixed(0)} MB`;
}
