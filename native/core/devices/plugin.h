// Device plugins in shared libraries.
#pragma once

#include <string>
#include <vector>

#include "devices/target.h"
#include "status.h"

namespace permafrost::devices {

// Loads a library and registers its targets, which it returns. A relative path is taken from the working folder, never
// from where the system looks for libraries. The library stays loaded as long as the process lives, one that is refused
// too. Loading one again changes nothing. Fails with DEVICE_PLUGIN_UNUSABLE.
Result<std::vector<const Target*>> LoadPlugin(const std::string& path);

}  // namespace permafrost::devices
