// What a write and the thread that waits for it share.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

#include "io/discarded.h"
#include "stop.h"

namespace permafrost {

// The thread that waits reads the count and may ask for an early end.
struct WriteProgress {
  explicit WriteProgress(Stop asked = {}) : stop(std::move(asked)) {}

  std::atomic<std::uint64_t> bytes_written{0};
  Discarded discarded;  // when the write has ended without success
  const Stop stop;
};

}  // namespace permafrost
