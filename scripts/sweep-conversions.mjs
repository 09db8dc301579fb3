// Holds the conversions of weights against NumPy and ml_dtypes over all 2^32 floats; the tests take a sample. Takes
// minutes. Needs the Python of the comparison with TensorFlow.
import path from 'node:path';
import { root, run } from './lib/run.mjs';
import { findPython } from './tensorflow/python.mjs';

const folder = 'build/sweep';
const target = 'permafrost_conversion_sweep';
const tests = path.join(root, 'test', 'tensorflow');
run('cmake', ['-S', '.', '-B', folder, '-DCMAKE_BUILD_TYPE=Release', '-DPERMAFROST_TESTS=ON']);
run('cmake', ['--build', folder, '--target', target, '--parallel']);
const program = path.join(root, folder, 'test', 'native', target);
run(findPython(root, tests), [path.join(tests, 'sweep_conversions.py'), program]);
