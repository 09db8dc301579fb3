import { describe, expect, it, vi } from 'vitest';
import { DeviceList } from '../../src/devices/device-list.js';
import { parsePreference } from '../../src/devices/preference.js';
import { failure } from '../support/failure.js';

// With a target of a plugin whose devices are the host's.
vi.mock(import('../../src/native.js'), async (original) => {
  const native = await original();
  return {
    ...native,
    deviceTargets: () => [
      ...native.deviceTargets(),
      { name: 'mine', deviceType: 'MINE', isHost: true, refuses: false, plugin: '/mine.so' },
    ],
    deviceString: (target, index) => (target === 'mine' ? `/device:MINE:${index}` : native.deviceString(target, index)),
  };
});

const listOf = (...names: string[]): DeviceList => new DeviceList(parsePreference(names) as never);

/** The devices from one on, each where the one before it sends what it cannot have. */
function chain({ list }: DeviceList, from: number): string[] {
  const device = list[from];
  return device ? [device.text, ...chain({ list } as DeviceList, device.next)] : [];
}

describe('the devices of a placement', () => {
  it.each([
    [
      ['gpu:1', 'cpu'],
      ['/device:GPU:1', '/device:CPU:0'],
    ],
    // The host is the last resort, named or not.
    [
      ['npu:2', 'gpu'],
      ['/device:NPU:2', '/device:GPU:0', '/device:CPU:0'],
    ],
    // Only cpu has kernels for all.
    [['mine:1'], ['/device:MINE:1', '/device:CPU:0']],
    [['cpu:1'], ['/device:CPU:1']],
    [
      ['cpu:1', 'gpu:0'],
      ['/device:CPU:1', '/device:GPU:0'],
    ],
    [
      ['gpu:0', 'cpu', 'gpu:0', 'cpu:0'],
      ['/device:GPU:0', '/device:CPU:0'],
    ],
    [[], []],
  ])('of %j are %j', (names, texts) => {
    const devices = listOf(...names);
    expect(chain(devices, devices.preferred)).toEqual(texts);
  });

  it('take in those of rules, which lead to the list', () => {
    const devices = listOf('gpu:0', 'cpu');
    expect(chain(devices, devices.numberOf('gpu:3'))).toEqual(['/device:GPU:3', '/device:GPU:0', '/device:CPU:0']);
    expect(devices.numberOf('/device:GPU:3')).toBe(devices.numberOf('gpu:3'));
    expect(devices.numberOf('/gpu:0')).toBe(devices.preferred);
  });

  it('lead to the host of the same task where there is no list', () => {
    const devices = listOf();
    const number = devices.numberOf('/job:worker/task:2/gpu:1');
    expect(chain(devices, number)).toEqual(['/job:worker/task:2/device:GPU:1', '/job:worker/task:2/device:CPU:0']);
    expect(chain(devices, devices.numberOf('cpu:1'))).toEqual(['/device:CPU:1']);
  });

  it.each([
    ['tpu:0', 'DEVICE_UNKNOWN'],
    ['/device:TPU:0', 'DEVICE_UNKNOWN'],
    ['gpu:99999', 'DEVICE_UNKNOWN'],
    ['/job:worker', 'INVALID_ARGUMENT'],
    // Any of them: which one?
    ['/device:GPU:*', 'INVALID_ARGUMENT'],
    ['/job:worker/gpu', 'INVALID_ARGUMENT'],
    ['', 'INVALID_ARGUMENT'],
    ['GPU', 'INVALID_ARGUMENT'],
  ])('do not take in %j', async (text, code) => {
    expect(await failure(() => listOf('cpu').numberOf(text))).toMatchObject({ code });
  });

  it('name the targets that there are', async () => {
    const { code, message } = await failure(() => listOf('tpu'));
    expect(code).toBe('DEVICE_UNKNOWN');
    expect(message).toBe(
      "device target unknown (there are cpu, gpu, npu; --device-plugin or registerDevicePlugin loads others): 'tpu'",
    );
  });
});
