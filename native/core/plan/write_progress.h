// What a write and the thread that waits for it share.
#pragma once

#include <atomic>
#include <cstdint>

namespace permafrost {

// The thread that waits reads the count and may ask for an early end.
struct WriteProgress {
  std::atomic<std::uint64_t> bytes_written{0};
  std::atomic<bool> abort{false};
};

}  // namespace permafrost
