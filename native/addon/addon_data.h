// What one environment (the main thread, or a worker) keeps.
#pragma once

#include <napi.h>

#include <vector>

#include "stop.h"

namespace permafrost::addon {

class AddonData {
 public:
  Napi::FunctionReference checkpoint_class;

  // A stop that is asked for when the environment ends. Used on the environment's own thread only.
  Stop NewStop() {
    std::erase_if(stops_, [](const Stop& stop) { return stop.is_last(); });
    return stops_.emplace_back();
  }

  // An environment waits for its worker threads before it is gone; a write would hold it up to its last byte.
  void StopAll() const {
    for (const Stop& stop : stops_) stop.Ask();
  }

 private:
  std::vector<Stop> stops_;
};

}  // namespace permafrost::addon
