// A device target behind its table of C functions, which are somebody else's: nothing that they answer is believed
// before it was looked at. Junk becomes DEVICE_PLUGIN_UNUSABLE, which names plugin, target and answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "devices/op_kind.h"
#include "devices/permafrost_device.h"
#include "status.h"

namespace permafrost::devices {

// How a target wants a constant.
struct ConstantWish {
  std::int32_t dtype = 0;       // as the constant is, unless the target wants another
  std::uint32_t alignment = 1;  // bytes, a power of two below 2^20
};

// May be used by several threads at once.
class Target {
 public:
  // `plugin` is the path of the library, empty for a target that is built in. What `target` points to stays good as
  // long as the process lives.
  static Result<Target> Adopt(const PermafrostDeviceTarget* target, const std::string& plugin);

  // What --place calls it.
  const std::string& name() const { return name_; }
  // The type in its device strings.
  const std::string& device_type() const { return device_type_; }
  // In any case: device strings are read so.
  bool SharesTypeWith(const Target& other) const;
  // The path of its library; empty where it is built in.
  const std::string& plugin() const { return plugin_; }
  bool is_host() const { return (functions_->flags & PERMAFROST_DEVICE_IS_HOST) != 0; }
  // Whether `Veto` may refuse anything.
  bool refuses() const { return functions_->veto != nullptr; }

  // DEVICE_UNKNOWN, with the target's own words, where it has no such device.
  Result<std::string> DeviceString(std::uint32_t index) const;
  Result<KernelAnswer> FindKernel(const OpKind& kind) const;
  // Why the node cannot be on that device, if so.
  Result<std::optional<std::string>> Veto(std::string_view node, const OpKind& kind, std::uint32_t device) const;
  // `dtype` is one that `IsKnown`.
  Result<ConstantWish> WishFor(std::int32_t dtype) const;

 private:
  Target(const PermafrostDeviceTarget* functions, std::string name, std::string device_type, std::string plugin);

  // DEVICE_PLUGIN_UNUSABLE, for an answer that cannot be.
  Status Junk(const std::string& answer) const;

  const PermafrostDeviceTarget* functions_;
  std::string name_;
  std::string device_type_;
  std::string plugin_;
};

}  // namespace permafrost::devices
