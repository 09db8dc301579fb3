// What one environment (the main thread, or a worker) keeps.
#pragma once

#include <napi.h>

#include <mutex>
#include <set>
#include <vector>

#include "stop.h"

namespace permafrost::addon {

class AddonData {
 public:
  Napi::FunctionReference checkpoint_class;

  AddonData() {
    const std::lock_guard lock(mutex_);
    all_.insert(this);
  }
  AddonData(const AddonData&) = delete;
  AddonData& operator=(const AddonData&) = delete;
  ~AddonData() {
    const std::lock_guard lock(mutex_);
    all_.erase(this);
  }

  // A stop that is asked for when the environment ends.
  Stop NewStop() {
    const std::lock_guard lock(mutex_);
    std::erase_if(stops_, [](const Stop& stop) { return stop.is_last(); });
    return stops_.emplace_back();
  }

  // An environment waits for its worker threads before it is gone; a write would hold it up to its last byte.
  void StopAll() const {
    const std::lock_guard lock(mutex_);
    for (const Stop& stop : stops_) stop.Ask();
  }

  // Of all environments.
  static void StopEverywhere() {
    const std::lock_guard lock(mutex_);
    for (const AddonData* each : all_) {
      for (const Stop& stop : each->stops_) stop.Ask();
    }
  }

 private:
  static inline std::mutex mutex_;
  static inline std::set<AddonData*> all_;
  std::vector<Stop> stops_;
};

}  // namespace permafrost::addon
