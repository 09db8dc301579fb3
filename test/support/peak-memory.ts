/**
 * Source of `peakMemory()`, for modules that run in a process of their own: what it had in memory at its peak, in kibibytes. On
 * Linux, `maxRSS` would be no less than what the process had that started it.
 */
export const peakMemorySource = `
  import { readFileSync } from 'node:fs';
  function peakMemory() {
    if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
    return Number(/^VmHWM:\\s+(\\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
  }
`;
