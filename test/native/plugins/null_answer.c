#include "permafrost_device.h"

const PermafrostDevicePlugin* permafrost_device_plugin(void) { return NULL; }
