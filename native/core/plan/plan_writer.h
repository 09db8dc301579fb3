// Writes a plan: the ordered list of literal bytes and tensors that makes up one output file.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "plan/payload.h"
#include "status.h"

namespace permafrost {

using LiteralSegment = std::span<const std::byte>;  // borrowed from the caller until WritePlan returns

struct TensorSegment {
  TensorPart part;
  PayloadEncoding encoding = PayloadEncoding::kRaw;
  std::uint64_t size = 0;  // bytes in the output, from PayloadSize
};

using Segment = std::variant<LiteralSegment, TensorSegment>;

struct WriteOptions {
  std::string target;    // a regular file, or a path that does not exist yet
  bool durable = false;  // fsync the file before the rename and its folder after it
};

// Shared with the thread that waits: it reads the count and may ask for an early end.
struct WriteProgress {
  std::atomic<std::uint64_t> bytes_written{0};
  std::atomic<bool> abort{false};
};

// Writes to a new file beside the target, verifying each tensor, then renames it over the target. On any failure or
// abort the new file is removed and the target is as it was. Returns the bytes written.
Result<std::uint64_t> WritePlan(const Checkpoint& checkpoint, std::span<const Segment> plan,
                                const WriteOptions& options, WriteProgress& progress);

}  // namespace permafrost
