// How long work is asked for an early end.
#pragma once

#include <atomic>
#include <memory>

#include "status.h"

namespace permafrost {

// Copies are one: what is asked of one is asked of all. From any thread.
class Stop {
 public:
  void Ask() const { asked_->store(true, std::memory_order_relaxed); }

  // kAborted when it was asked for. Cheap enough for every block.
  Status Check() const {
    return asked_->load(std::memory_order_relaxed) ? Status(StatusCode::kAborted, "aborted") : Status();
  }

  // Whether there is no copy of it.
  bool is_last() const { return asked_.use_count() == 1; }

 private:
  std::shared_ptr<std::atomic<bool>> asked_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace permafrost
