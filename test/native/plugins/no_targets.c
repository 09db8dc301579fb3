#include "permafrost_device.h"

const PermafrostDevicePlugin* permafrost_device_plugin(void) {
  static const PermafrostDevicePlugin plugin = {PERMAFROST_DEVICE_ABI_VERSION, 0, NULL};
  return &plugin;
}
