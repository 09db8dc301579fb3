// What one environment (the main thread, or a worker) keeps.
#pragma once

#include <napi.h>

#include <memory>
#include <vector>

#include "plan/plan_writer.h"

namespace permafrost::addon {

class AddonData {
 public:
  Napi::FunctionReference checkpoint_class;

  // Remembers a write, so that it can be told when the environment ends. Used on the environment's own thread only.
  void Track(const std::shared_ptr<WriteProgress>& write) {
    std::erase_if(writes_, [](const auto& other) { return other.expired(); });
    writes_.push_back(write);
  }

  // An environment waits for its worker threads before it is gone; a write would hold it up to its last byte.
  void AbortWrites() {
    for (const auto& tracked : writes_) {
      if (const auto write = tracked.lock()) write->abort.store(true);
    }
  }

 private:
  std::vector<std::weak_ptr<WriteProgress>> writes_;
};

}  // namespace permafrost::addon
