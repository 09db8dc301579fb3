/** The devices of one placement, by number: those that are preferred, those that rules name, and where to go from each. */
import { PermafrostError } from '../errors.js';
import { deviceString, deviceTargets } from '../native.js';
import { type DeviceSpec, formatDevice, mergeDevices, parseDevice } from './device-spec.js';
import { type NamedDevice, parseNamedDevice } from './preference.js';

export interface ListedDevice extends NamedDevice {
  /** As nodes carry it. */
  readonly text: string;
  /** Where a node goes that cannot be here; -1: nowhere. */
  readonly next: number;
}

export class DeviceList {
  readonly list: ListedDevice[] = [];
  readonly #numbers = new Map<string, number>();
  /** The number of the device that nodes are wanted on; -1: none. */
  readonly preferred: number;

  /**
   * @param preference may be empty. The host is always its last resort.
   * @throws PermafrostError DEVICE_UNKNOWN, as does `numberOf`.
   */
  constructor(preference: readonly NamedDevice[]) {
    // Another target's devices may be the host's too, and yet lack kernels.
    const hasLast = preference.length === 0 || preference.some(({ target }) => target === host);
    const whole = hasLast ? preference : [...preference, { target: host, index: 0 }];
    const isFirst = (device: NamedDevice, place: number): boolean =>
      whole.findIndex(({ target, index }) => target === device.target && index === device.index) === place;
    // From the last to the first: each knows where to go from it.
    this.preferred = whole
      .filter(isFirst)
      .reduceRight((next, { target, index }) => this.#add(target, index, {}, next), -1);
  }

  /** As nodes carry them: those that are preferred, in their order, then those of rules. */
  names(): string[] {
    const names = new Set<string>();
    for (let number = this.preferred; number >= 0; number = this.list[number]?.next ?? -1)
      names.add(this.nameOf(number));
    for (const { text } of this.list) names.add(text);
    return [...names];
  }

  /** As nodes carry it; empty for -1. */
  nameOf(number: number): string {
    return this.list[number]?.text ?? '';
  }

  /** @param text of a rule: `gpu:1`, or a device string that names a type. */
  numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const spec = text.startsWith('/') ? parseDevice(text) : undefined;
    const { target, index } = spec ? named(spec, text) : parseNamedDevice(text);
    const number = this.#add(target, index, spec ?? {}, this.#after(target, spec ?? {}));
    this.#numbers.set(text, number);
    return number;
  }

  /** Where nodes go that cannot be on a device which a rule names: the preferred ones, or the host of the same task. */
  #after(target: string, spec: DeviceSpec): number {
    if (this.preferred >= 0) return this.preferred;
    return target === host ? -1 : this.#add(host, 0, spec, -1);
  }

  #add(target: string, index: number, { job, replica, task }: DeviceSpec, next: number): number {
    const own = parseDevice(deviceString(target, index));
    const text = formatDevice(mergeDevices({ job, replica, task } as DeviceSpec, own));
    const known = this.list.findIndex((device) => device.text === text);
    return known >= 0 ? known : this.list.push({ target, index, text, next }) - 1;
  }
}

/** The built-in target whose devices have kernels for what no other has. */
const host = 'cpu';

function named({ type, index }: DeviceSpec, text: string): NamedDevice {
  if (type === undefined) {
    throw new PermafrostError(
      'INVALID_ARGUMENT',
      `The device '${text}' of a rule names no type, so nobody knows what it has kernels for. Write '${text}/device:GPU:0'.`,
    );
  }
  const targets = deviceTargets();
  const found = targets.find(({ deviceType }) => deviceType.toUpperCase() === type.toUpperCase());
  if (!found) {
    const types = targets.map(({ deviceType }) => deviceType).join(', ');
    throw new PermafrostError(
      'DEVICE_UNKNOWN',
      `No target has devices as '${text}' of a rule. There are ${types}; a plugin adds others (registerDevicePlugin, --device-plugin).`,
    );
  }
  if (index !== undefined) return { target: found.name, index };
  throw new PermafrostError(
    'INVALID_ARGUMENT',
    `The device '${text}' of a rule is any ${found.deviceType}: which one? Write '${formatDevice(parseDevice(text)).replace('*', '0')}'.`,
  );
}
