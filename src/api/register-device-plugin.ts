/** `registerDevicePlugin`: more targets than those that are built in. */
import { loadDevicePlugin } from '../native.js';
import type { DeviceTarget } from '../native-placement.js';
import { OptionReader } from './options/option-reader.js';

/**
 * Loads a device plugin: a shared library that exports `permafrost_device_plugin`, as `permafrost_device.h` of this package
 * declares it. Its targets can then be named in placements, in all threads of the process. The library runs with the rights
 * of the process and stays loaded until its end. To register one again changes nothing.
 * @param path of the library; a relative one is taken from the working folder, never from where the system looks for
 *   libraries.
 * @returns the targets that the plugin has, one at least.
 * @throws `PermafrostError`: `INVALID_ARGUMENT` for what cannot be a path; `DEVICE_PLUGIN_UNUSABLE` for what is no library
 *   of this platform, no plugin, one of another version of the interface, one that answers with what cannot be, or one with
 *   a target whose name is taken; `NATIVE_UNAVAILABLE`.
 */
export function registerDevicePlugin(path: string): readonly DeviceTarget[] {
  return loadDevicePlugin(new OptionReader({ path }, 'registerDevicePlugin').path('path'));
}
