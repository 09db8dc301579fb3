import { describe, expect, it } from 'vitest';
import { formatDevice, hostOf, mergeDevices, parseDevice } from '../../src/devices/device-spec.js';
import { failure } from '../support/failure.js';

/** What `tf.DeviceSpec.from_string(text).to_string()` of TensorFlow 2.21 gives. */
const known: readonly (readonly [text: string, written: string])[] = [
  ['', ''],
  ['/', ''],
  ['/cpu:0', '/device:CPU:0'],
  ['/gpu:1', '/device:GPU:1'],
  ['/GPU:*', '/device:GPU:*'],
  ['/gpu', '/device:GPU:*'],
  ['gpu:0', '/device:GPU:0'],
  ['/device:XLA_CPU:0', '/device:XLA_CPU:0'],
  ['/device:gpu:0', '/device:GPU:0'],
  ['/device:NPU:0', '/device:NPU:0'],
  ['/job:ps/task:0', '/job:ps/task:0'],
  ['/task:1/job:worker/device:GPU:2', '/job:worker/task:1/device:GPU:2'],
  ['/job:localhost/replica:0/task:0/device:CPU:0', '/job:localhost/replica:0/task:0/device:CPU:0'],
  ['/job:worker/replica:1/task:02/gpu:03', '/job:worker/replica:1/task:2/device:GPU:3'],
];

describe('device strings', () => {
  it.each(known)('%j is %j', (text, written) => {
    expect(formatDevice(parseDevice(text))).toBe(written);
  });

  it.each([
    '/gpu:0/cpu:0',
    '/device:GPU:0/gpu:1',
    '/gpu:x',
    '/gpu:-1',
    '/gpu:0:1',
    '/task:one',
    '/task:99999999999',
    '/jobs:ps',
    '/job:',
    '/job:a b',
    '/job:1a',
    '/job:tpu-worker',
    '/device:',
    '/device:GPU',
    '/device:GPU:',
    '/job:a:b',
    '/device:G PU:0',
    'somewhere',
  ])('%j is refused', async (text) => {
    expect(await failure(() => parseDevice(text))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining(text),
    });
  });

  it.each([
    ['/job:ps/task:0', '/device:GPU:1', '/job:ps/task:0/device:GPU:1'],
    ['/job:ps/task:0/device:CPU:0', '/job:worker', '/job:worker/task:0/device:CPU:0'],
    ['/device:GPU:1', '/device:CPU:*', '/device:CPU:1'],
    ['', '/gpu:0', '/device:GPU:0'],
  ])('%j under %j is %j, as make_merged_spec has it', (base, over, merged) => {
    expect(formatDevice(mergeDevices(parseDevice(base), parseDevice(over)))).toBe(merged);
  });

  it.each([
    ['', ''],
    ['/job:ps', '/job:ps'],
    ['/cpu:1', '/cpu:1'],
    ['/gpu:1', '/device:CPU:0'],
    ['/job:ps/task:3/device:NPU:*', '/job:ps/task:3/device:CPU:0'],
  ])('%j has the host %j', (device, host) => {
    expect(hostOf(device)).toBe(host);
  });
});
