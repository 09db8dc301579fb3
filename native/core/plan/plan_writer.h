// Writes a plan: the ordered list of literal bytes and tensors that makes up the output.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "plan/output_files.h"
#include "plan/segment.h"
#include "plan/write_progress.h"
#include "status.h"

namespace permafrost {

struct WriteOptions {
  std::string target;             // a regular file, or an empty folder; or a path that does not exist yet
  std::vector<FolderFile> files;  // what the plan's bytes are cut into, as OutputFiles takes them
  bool durable = false;           // fsync the file before the rename and its folder after it
  bool dry_run = false;           // do all but create, copy and verify
  unsigned threads = 0;           // how many to write with; 0: as many as are of use
};

struct Written {
  std::uint64_t bytes = 0;
  std::vector<std::uint64_t> overflows;  // of each segment, as of `EmitPayload`
};

// Writes to a new file or folder beside the target, verifying each tensor, then renames it to the target. On any
// failure or abort what is new is removed and the target is as it was.
Result<Written> WritePlan(const Checkpoint& checkpoint, std::span<const Segment> plan, const WriteOptions& options,
                          WriteProgress& progress);

}  // namespace permafrost
