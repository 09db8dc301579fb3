// Loses what it allocates. scripts/test-leaks.mjs must find it.
#include <stdlib.h>

#include "permafrost_device.h"

const PermafrostDevicePlugin* permafrost_device_plugin(void) {
  static const PermafrostDevicePlugin plugin = {PERMAFROST_DEVICE_ABI_VERSION, 0, NULL};
  volatile char* lost = malloc(54321);
  if (lost != NULL) lost[0] = 1;
  lost = NULL;
  return &plugin;
}
