#include "devices/unusable.h"

namespace permafrost::devices {

Status Unusable(const std::string& cause, const std::string& plugin) {
  return {StatusCode::kDevicePluginUnusable,
          "device plugin not usable (" + cause + "): " + (plugin.empty() ? "built in" : plugin)};
}

}  // namespace permafrost::devices
