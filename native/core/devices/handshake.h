// Getting to know a plugin, whether a library or ourselves.
#pragma once

#include <string>
#include <vector>

#include "devices/permafrost_device.h"
#include "devices/target.h"
#include "status.h"

namespace permafrost::devices {

// The targets of a plugin, one at least, no two of one name or device type. DEVICE_PLUGIN_UNUSABLE for one of another
// version, or with anything in it that cannot be. `path` is for messages, and empty for ourselves.
Result<std::vector<Target>> AdoptTargets(const PermafrostDevicePlugin* plugin, const std::string& path);

}  // namespace permafrost::devices
