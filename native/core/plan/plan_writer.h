// Writes a plan: the ordered list of literal bytes and tensors that makes up one output file.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "checkpoint/checkpoint.h"
#include "plan/segment.h"
#include "plan/write_progress.h"
#include "status.h"

namespace permafrost {

struct WriteOptions {
  std::string target;    // a regular file, or a path that does not exist yet
  bool durable = false;  // fsync the file before the rename and its folder after it
  unsigned threads = 0;  // how many to write with; 0: as many as are of use
};

// Writes to a new file beside the target, verifying each tensor, then renames it over the target. On any failure or
// abort the new file is removed and the target is as it was. Returns the bytes written.
Result<std::uint64_t> WritePlan(const Checkpoint& checkpoint, std::span<const Segment> plan,
                                const WriteOptions& options, WriteProgress& progress);

}  // namespace permafrost
