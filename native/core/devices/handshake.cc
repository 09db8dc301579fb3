#include "devices/handshake.h"

#include <algorithm>
#include <cstdint>

#include "devices/unusable.h"
#include "text.h"

namespace permafrost::devices {
namespace {

// More are junk: nobody has so many kinds of devices.
constexpr std::uint32_t kMostTargets = 256;

}  // namespace

Result<std::vector<Target>> AdoptTargets(const PermafrostDevicePlugin* plugin, const std::string& path) {
  if (plugin == nullptr) return Unusable("permafrost_device_plugin answers NULL", path);
  // Before anything else: of another version nothing is known but where this number is.
  if (plugin->abi_version != PERMAFROST_DEVICE_ABI_VERSION) {
    return Unusable("it was built for version " + std::to_string(plugin->abi_version) +
                        " of the device interface, this is version " + std::to_string(PERMAFROST_DEVICE_ABI_VERSION),
                    path);
  }
  if (plugin->target_count == 0 || plugin->targets == nullptr) return Unusable("it has no targets", path);
  if (plugin->target_count > kMostTargets) {
    return Unusable("it claims " + std::to_string(plugin->target_count) + " targets", path);
  }
  std::vector<Target> targets;
  for (std::uint32_t i = 0; i < plugin->target_count; ++i) {
    auto target = Target::Adopt(plugin->targets[i], path);
    if (!target.ok()) return target.status();
    const std::string& name = target.value().name();
    if (std::ranges::find(targets, name, &Target::name) != targets.end()) {
      return Unusable("it has two targets named " + Quoted(name), path);
    }
    const auto shares = [&](const Target& other) { return other.SharesTypeWith(target.value()); };
    if (const auto other = std::ranges::find_if(targets, shares); other != targets.end()) {
      return Unusable("its targets " + Quoted(other->name()) + " and " + Quoted(name) + " have one device type", path);
    }
    targets.push_back(std::move(target).value());
  }
  return targets;
}

}  // namespace permafrost::devices
