// The device targets of the process: those that are built in, and those of the plugins that were loaded, whichever
// thread loaded them. Nothing is ever taken out, so what is handed out stays good.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "devices/permafrost_device.h"
#include "devices/target.h"
#include "status.h"

namespace permafrost::devices {

// In the order of their coming: cpu, gpu, npu, then those of plugins.
std::vector<const Target*> Targets();

// DEVICE_UNKNOWN, with the names that there are.
Result<const Target*> FindTarget(std::string_view name);

// Takes in the targets of a plugin, all or none, and returns them; for a plugin that is in already, those that it has.
// DEVICE_PLUGIN_UNUSABLE where one of them is not usable, or has a name or a device type that is taken.
Result<std::vector<const Target*>> RegisterPlugin(const PermafrostDevicePlugin* plugin, const std::string& path);

}  // namespace permafrost::devices
