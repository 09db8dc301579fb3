/** `999 bytes`, `1.2 kB`: units of 10^3. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  let value = bytes / 1000;
  let unit = 0;
  const units = ['kB', 'MB', 'GB', 'TB'];
  // What would round to 1000.0 is one of the next unit.
  for (; value >= 999.95 && unit < units.length - 1; unit++) value /= 1000;
  return `${value.toFixed(1)} ${units[unit]}`;
}
