// The targets that permafrost brings along, told as a plugin tells its own.
#pragma once

#include "devices/permafrost_device.h"

namespace permafrost::devices {

// cpu, gpu and npu.
const PermafrostDevicePlugin* BuiltInPlugin();

}  // namespace permafrost::devices
