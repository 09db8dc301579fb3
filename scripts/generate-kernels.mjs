// Writes the kernels that TensorFlow registers for CPUs and GPUs into native/core/devices/tables. The kernels for GPUs
// are in the wheel with CUDA alone (it needs no GPU for this): it is taken from the virtual environment that
// PERMAFROST_TENSORFLOW_GPU_VENV names, and without that, that table stays as it is.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/run.mjs';
import { kernelTables } from './tensorflow/kernels.mjs';
import { runPython } from './tensorflow/python.mjs';

const tests = join(root, 'test', 'tensorflow');

for (const { device, file, python, without } of kernelTables(root, tests)) {
  if (without) {
    console.log(`${file} was left as it is: ${without}.`);
    continue;
  }
  writeFileSync(join(root, file), runPython(python, [join(tests, 'kernel_table.py'), device]));
  console.log(`${file} is made.`);
}
