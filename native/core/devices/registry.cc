#include "devices/registry.h"

#include <algorithm>
#include <cassert>
#include <deque>
#include <map>
#include <mutex>
#include <utility>

#include "devices/builtin_targets.h"
#include "devices/handshake.h"
#include "devices/unusable.h"
#include "text.h"

namespace permafrost::devices {
namespace {

std::string OwnerOf(const Target& target) {
  return target.plugin().empty() ? "built in" : "that of " + target.plugin();
}

class Registry {
 public:
  // Never destroyed: threads may still ask it when the process ends.
  static Registry& Get() {
    static Registry& registry = *new Registry;
    return registry;
  }

  std::vector<const Target*> Targets() {
    const std::lock_guard lock(mutex_);
    std::vector<const Target*> targets;
    targets.reserve(targets_.size());
    for (const Target& target : targets_) targets.push_back(&target);
    return targets;
  }

  Result<std::vector<const Target*>> Register(const PermafrostDevicePlugin* plugin, const std::string& path) {
    const std::lock_guard lock(mutex_);
    if (const auto known = plugins_.find(plugin); known != plugins_.end()) return known->second;
    auto adopted = AdoptTargets(plugin, path);
    if (!adopted.ok()) return adopted.status();
    for (const Target& target : adopted.value()) {
      const auto other = std::ranges::find(targets_, target.name(), &Target::name);
      if (other != targets_.end()) {
        return Unusable("a target named " + Quoted(target.name()) + " is there already, " + OwnerOf(*other), path);
      }
      const auto same = std::ranges::find_if(targets_, [&](const Target& each) { return each.SharesTypeWith(target); });
      if (same == targets_.end()) continue;
      return Unusable("target " + Quoted(target.name()) + " has the device type of " + Quoted(same->name()) + ", " +
                          OwnerOf(*same) + ", so nobody could tell their devices apart",
                      path);
    }
    std::vector<const Target*> targets;
    for (Target& target : adopted.value()) targets.push_back(&targets_.emplace_back(std::move(target)));
    plugins_.emplace(plugin, targets);
    return targets;
  }

 private:
  Registry() {
    [[maybe_unused]] const auto built_in = Register(BuiltInPlugin(), "");
    assert(built_in.ok());
  }

  std::mutex mutex_;
  std::deque<Target> targets_;  // which stay where they are when others come
  std::map<const PermafrostDevicePlugin*, std::vector<const Target*>> plugins_;
};

}  // namespace

std::vector<const Target*> Targets() { return Registry::Get().Targets(); }

Result<const Target*> FindTarget(std::string_view name) {
  const std::vector<const Target*> targets = Targets();
  const auto found = std::ranges::find(targets, name, &Target::name);
  if (found != targets.end()) return *found;
  std::string names;
  for (const Target* target : targets) names += (names.empty() ? "" : ", ") + target->name();
  return Status(StatusCode::kDeviceUnknown,
                "device target unknown (there are " + names +
                    "; --device-plugin or registerDevicePlugin loads others): " + Quoted(name));
}

Result<std::vector<const Target*>> RegisterPlugin(const PermafrostDevicePlugin* plugin, const std::string& path) {
  return Registry::Get().Register(plugin, path);
}

}  // namespace permafrost::devices
