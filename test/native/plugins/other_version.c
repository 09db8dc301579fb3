/* Of a version to come: nothing behind its number may be looked at, and here it could not be. */
#include "permafrost_device.h"

const PermafrostDevicePlugin* permafrost_device_plugin(void) {
  static const uint32_t version = PERMAFROST_DEVICE_ABI_VERSION + 1;
  return (const PermafrostDevicePlugin*)&version;
}
