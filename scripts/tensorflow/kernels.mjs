// The tables of kernels, and whether they are still what TensorFlow registers.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { findPython, pythonOf, runPython } from './python.mjs';

const FOLDER = ['native', 'core', 'devices', 'tables'];

/**
 * Returns { device, file, python } of each table that comes from TensorFlow; in place of `python`, `without` says why
 * there is none that has the device's kernels. `tests` has the lists of packages and the Python files.
 */
export function kernelTables(root, tests) {
  const gpu = process.env.PERMAFROST_TENSORFLOW_GPU_VENV;
  return [
    { device: 'CPU', file: path.join(...FOLDER, 'cpu.txt'), python: findPython(root, tests) },
    {
      device: 'GPU',
      file: path.join(...FOLDER, 'gpu.txt'),
      ...(gpu ? { python: pythonOf(gpu) } : { without: 'PERMAFROST_TENSORFLOW_GPU_VENV is not set' }),
    },
  ];
}

/** One row a table. A table that has no TensorFlow to be held against says so. */
export function compareKernels(root, tests) {
  return kernelTables(root, tests).map((table) => {
    const name = `kernels_of_${table.device.toLowerCase()}`;
    if (table.without) return { name, tensorflow: table.without, permafrost: 'not compared', passed: true };
    const text = readFileSync(path.join(root, table.file), 'utf8');
    const script = path.join(tests, 'kernel_differences.py');
    const differences = JSON.parse(runPython(table.python, [script, table.device], text));
    const passed = differences.length === 0;
    return {
      name,
      tensorflow: 'ok',
      permafrost: passed ? 'identical' : `FAILED ${differences.length} ops differ`,
      detail: differences.join('\n'),
      passed,
    };
  });
}
