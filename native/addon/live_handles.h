// How much of the core is held or at work, in all threads that have loaded this copy of the addon.
#pragma once

#include <napi.h>

#include <atomic>
#include <cstdint>

namespace permafrost::addon {

using LiveCount = std::atomic<std::int64_t>;

inline LiveCount live_checkpoints{0};
inline LiveCount live_streams{0};
inline LiveCount live_jobs{0};

// Counts for as long as it lives.
class Live {
 public:
  explicit Live(LiveCount& count) : count_(count) { ++count_; }
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;
  ~Live() { --count_; }

 private:
  LiveCount& count_;
};

// liveHandles(): LiveHandles
inline Napi::Value LiveHandles(const Napi::CallbackInfo& info) {
  const auto number = [&info](const LiveCount& count) {
    return Napi::Number::New(info.Env(), static_cast<double>(count.load()));
  };
  Napi::Object counts = Napi::Object::New(info.Env());
  counts["checkpoints"] = number(live_checkpoints);
  counts["streams"] = number(live_streams);
  counts["jobs"] = number(live_jobs);
  return counts;
}

}  // namespace permafrost::addon
