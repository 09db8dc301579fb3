// What the terminal says of constants that were changed for their devices.
import { expect, it } from 'vitest';
import { formatPlacement } from '../../src/cli/format-placement.js';

it('tells copies, stored types and wishes that were not met', () => {
  const [npu, cpu] = ['/device:NPU:0', '/device:CPU:0'];
  const wish = { device: npu, type: 'float32', wanted: 'float16', reason: 'for a reason', function: undefined };
  const lines = formatPlacement({
    devices: [{ device: npu, nodes: 2, constants: 1, bytes: 8 }],
    fallbacks: [],
    crossings: [],
    isCutShort: false,
    copiedConstants: [{ constant: 'w', copy: 'w/copy_on_CPU_0', function: undefined, device: cpu, bytes: 4096 }],
    storedConstants: [{ constant: 'v', device: npu, storedAs: 'float16' }],
    unmetWishes: [
      { ...wish, constants: ['c'] },
      { ...wish, constants: ['d', 'e'] },
    ],
  });
  expect(lines.slice(1)).toEqual([
    '  copied   w (4.1 kB) for /device:CPU:0: w/copy_on_CPU_0',
    '  stored   v as float16, as /device:NPU:0 wants it',
    '  unmet    c: float32, and /device:NPU:0 wants float16: for a reason',
    '  unmet    2 constants (d, …): float32, and /device:NPU:0 wants float16: for a reason',
  ]);
});
