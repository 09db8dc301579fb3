// What the terminal says of a placement.
import { expect, it } from 'vitest';
import { formatPlacement } from '../../src/cli/format-placement.js';

it('tells copies, stored types and wishes that were not met', () => {
  const [npu, cpu] = ['/device:NPU:0', '/device:CPU:0'];
  const wish = { device: npu, type: 'float32', wanted: 'float16', reason: 'for a reason', function: undefined };
  const lines = formatPlacement({
    devices: [{ device: npu, nodes: 2, constants: 1, bytes: 8 }],
    fallbacks: [],
    crossings: [],
    unusedRules: [],
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

it('tells fallbacks, crossings, rules that no node follows, and the end of the search', () => {
  const [gpu, cpu] = ['/device:GPU:0', '/device:CPU:0'];
  const fallback = { wanted: gpu, function: undefined };
  const crossing = { function: undefined, from: gpu, to: cpu, movesMemory: true };
  const lines = formatPlacement({
    devices: [
      { device: gpu, nodes: 40, constants: 3, bytes: 2000 },
      { device: cpu, nodes: 10, constants: 0, bytes: 0 },
      { device: '', nodes: 1, constants: 0, bytes: 0 },
    ],
    fallbacks: [
      { ...fallback, op: 'AsString', device: cpu, reason: 'no kernel', nodes: ['text'] },
      { ...fallback, op: 'Mine', device: '', reason: 'op Mine is unknown', nodes: ['a', 'b'] },
    ],
    crossings: [
      { ...crossing, tensor: 'a:0', readers: ['b', 'c'], bytes: 1024 },
      { ...crossing, tensor: 'd:1', readers: ['e'], bytes: 0 },
      ...Array.from({ length: 8 }, (_, at) => ({
        ...crossing,
        tensor: `n${at}:0`,
        readers: ['s'],
        bytes: 4,
        movesMemory: false,
      })),
    ],
    copiedConstants: [],
    storedConstants: [],
    unmetWishes: [],
    unusedRules: ['rules.json:3', 'rules.json:7'],
    isCutShort: true,
  });
  expect(lines).toEqual([
    '  device   /device:GPU:0  40 nodes, 3 constants of 2.0 kB',
    '  device   /device:CPU:0  10 nodes, 0 constants of 0 bytes',
    '  device   (left open)    1 nodes, 0 constants of 0 bytes',
    '  fallback AsString text: /device:CPU:0 and not /device:GPU:0: no kernel',
    '  fallback Mine 2 nodes (a, …): (left open) and not /device:GPU:0: op Mine is unknown',
    '  crossing 10 tensors between devices, 1.0 kB at least and 1 whose size the graph does not say',
    '  crossing a:0 (1.0 kB) /device:GPU:0 to /device:CPU:0, for 2 readers',
    '  crossing d:1 (unknown size) /device:GPU:0 to /device:CPU:0, for e',
    ...Array.from(
      { length: 6 },
      (_, at) => `  crossing n${at}:0 (stays in host memory) /device:GPU:0 to /device:CPU:0, for s`,
    ),
    '  crossing and 2 more',
    '  crossing there may be ways with fewer: the search took too long and was ended',
    "  warning  2 rules that no node follows: 'rules.json:3', 'rules.json:7'",
  ]);
});
