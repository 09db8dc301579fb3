#pragma once

#include <string>

#include "status.h"

namespace permafrost::devices {

// DEVICE_PLUGIN_UNUSABLE, as in "device plugin not usable (no such file): /lib/tpu.so". An empty `plugin` is ourselves.
Status Unusable(const std::string& cause, const std::string& plugin);

}  // namespace permafrost::devices
