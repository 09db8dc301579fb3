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

// Gathers bytes into blocks that begin and end at multiples of kBlockSize in their file, counts what it has written,
// and looks up between the blocks whether anybody has had enough.
class Output {
 public:
  Output(OutputFiles& files, std::uint64_t at, WriteProgress& progress) : files_(files), at_(at), progress_(progress) {}

  Status Write(std::span<const std::byte> bytes);

  // Lends the memory that the next bytes, `most` or fewer, are gathered in: for what can be read or made right there.
  // It is a multiple of `unit`, as `most` is. `Keep` comes next and takes all of them.
  std::span<std::byte> Lend(std::uint64_t most, std::size_t unit = 1);
  Status Keep();

  // The last call.
  Status Flush();

 private:
  std::size_t block() const;
  Status WriteThrough(std::span<const std::byte> bytes);

  OutputFiles& files_;
  std::uint64_t at_;  // where the buffer goes
  WriteProgress& progress_;
  std::vector<std::byte> buffer_;
};

}  // namespace permafrost
