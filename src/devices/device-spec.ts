/**
 * Device strings, as `tf.DeviceSpec` reads and writes them: `/job:worker/replica:0/task:1/device:GPU:0`, any part of which
 * may be missing, and the older `/gpu:0`. Source: `DeviceSpecV2` of tensorflow/python/framework/device_spec.py.
 */
import { PermafrostError } from '../errors.js';

export interface DeviceSpec {
  readonly job?: string;
  readonly replica?: number;
  readonly task?: number;
  /** As in `/device:GPU:0`. */
  readonly type?: string;
  /** Undefined where any device of the type will do. */
  readonly index?: number;
}

/** Types that need no `device:` before them, in any case; TensorFlow itself does not know NPU. */
const legacyTypes = ['CPU', 'GPU', 'TPU', 'NPU'];

/** What TensorFlow takes when it loads a graph (`DeviceNameUtils`); its Python takes anything. */
const jobName = /^([A-Za-z]\w*|\*)$/;

/** More than any machine has; TensorFlow holds it in 32 bits. */
const mostIndex = 0x7fff_ffff;

/** @throws PermafrostError INVALID_ARGUMENT */
export function parseDevice(text: string): DeviceSpec {
  const spec: { -readonly [Key in keyof DeviceSpec]: DeviceSpec[Key] } = {};
  const refuse = (what: string): never => {
    throw new PermafrostError(
      'INVALID_ARGUMENT',
      `The device '${text}' ${what}. Devices are written as '/job:worker/replica:0/task:1/device:GPU:0', any part of it ` +
        "may be missing, and '/gpu:0' will do.",
    );
  };
  const indexOf = (part: string, digits: string): number =>
    /^\d+$/.test(digits) && Number(digits) <= mostIndex
      ? Number(digits)
      : refuse(`has '${digits}' where '${part}' needs a number`);
  const setType = (type: string, index: string | undefined, part: string): void => {
    if (spec.type !== undefined) refuse('names two types');
    if (!/^[A-Za-z]\w*$/.test(type)) refuse(`has '${type}' where a type such as GPU belongs`);
    // Its Python turns these two round, wherever they stand.
    spec.type = type === 'cpu' || type === 'gpu' ? type.toUpperCase() : type;
    if (index !== undefined && index !== '*') spec.index = indexOf(part, index);
  };
  for (const part of text.split('/').filter((each) => each !== '')) {
    const [key = '', value, third, ...more] = part.split(':');
    if (more.length > 0) refuse(`has too many colons in '${part}'`);
    const legacy = legacyTypes.find((type) => type === key.toUpperCase());
    if (key === 'device' && value !== undefined && third !== undefined) setType(value, third, part);
    else if (third !== undefined) refuse(`has too many colons in '${part}'`);
    else if (legacy) setType(legacy, value, part);
    else if (key === 'job' && value !== undefined && jobName.test(value)) spec.job = value;
    else if ((key === 'replica' || key === 'task') && value !== undefined) spec[key] = indexOf(part, value);
    else refuse(`has a part '${part}' that says nothing`);
  }
  return spec;
}

export function formatDevice({ job, replica, task, type, index }: DeviceSpec): string {
  return [
    job === undefined ? '' : `/job:${job}`,
    replica === undefined ? '' : `/replica:${replica}`,
    task === undefined ? '' : `/task:${task}`,
    type === undefined ? '' : `/device:${type}:${index ?? '*'}`,
  ].join('');
}

/** What `over` says goes before what `base` says, part by part, as in `make_merged_spec`. */
export function mergeDevices(base: DeviceSpec, over: DeviceSpec): DeviceSpec {
  const given = Object.entries(over).filter(([, value]) => value !== undefined);
  return { ...base, ...Object.fromEntries(given) };
}

/** The host of the task that a device is of: `/job:worker/device:CPU:0` of `/job:worker/device:GPU:1`. None of none. */
export function hostOf(device: string): string {
  const spec = parseDevice(device);
  return spec.type === undefined || spec.type === 'CPU' ? device : formatDevice({ ...spec, type: 'CPU', index: 0 });
}
