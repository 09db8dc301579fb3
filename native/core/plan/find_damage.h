// Whether what a checkpoint stores is what was saved.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "status.h"
#include "stop.h"

namespace permafrost {

// What the search and the thread that waits for it share.
struct SearchProgress {
  std::atomic<std::uint64_t> bytes_read{0};
  const Stop stop;
};

// A tensor that cannot be read, or is not what was saved, and why: of several reasons one.
struct Damage {
  std::uint32_t entry = 0;  // index into Checkpoint::entries()
  Status status;
};

// True for the types whose tensors nothing but TensorFlow's own code can read: resources and variants.
bool IsOpaque(DataType dtype);

// Reads all tensors that are not opaque, with several threads (as `ThreadsFor`), and holds them against the checksum of
// each stored piece; of a V1 checkpoint, whose checksums were verified when it was opened, against their shapes. Gives
// all damage in the order of the entries. Fails with kAborted only.
Result<std::vector<Damage>> FindDamage(const Checkpoint& checkpoint, unsigned threads, SearchProgress& progress);

}  // namespace permafrost
