// Writes one stretch of the output from front to back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "plan/output_files.h"
#include "plan/write_progress.h"
#include "status.h"

namespace permafrost {

// Gathers what is short, counts what it has written, and looks up between the blocks whether anybody has had enough.
class Output {
 public:
  Output(OutputFiles& files, std::uint64_t at, WriteProgress& progress) : files_(files), at_(at), progress_(progress) {}

  Status Write(std::span<const std::byte> bytes);
  Status Flush();

 private:
  Status WriteThrough(std::span<const std::byte> bytes);

  OutputFiles& files_;
  std::uint64_t at_;  // where the buffer goes
  WriteProgress& progress_;
  std::vector<std::byte> buffer_;
};

}  // namespace permafrost
