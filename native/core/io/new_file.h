// A file that appears at its target whole or not at all. POSIX only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "io/discarded.h"
#include "io/temporary_name.h"
#include "io/unique_fd.h"
#include "status.h"

namespace permafrost {

// Writes to a temporary file in the folder of the target and renames it over the target at `Commit`. Destroyed without
// a successful commit, it removes the temporary file and leaves the target as it was.
class NewFile {
 public:
  // `size`, all of which is to be written, is reserved on the disk at once, so that a full disk is known before any
  // work is done. A target that is a symbolic link stands for the file it points to. The permission bits of an existing
  // target are kept.
  static Result<NewFile> Create(const std::string& target, std::uint64_t size);

  // Why `Create` would fail, as far as that can be seen without a trace.
  static Status Check(const std::string& target, std::uint64_t size);

  // Each call is one to the system, so small pieces should be gathered first. From any thread.
  Status WriteAt(std::uint64_t offset, std::span<const std::byte> bytes);

  // Puts the file in place; `durable` waits until the disk has it. Call it once, last. After a failure the target is as
  // it was, but for one that the message tells: the output is in place and only its folder could not be synced.
  Status Commit(bool durable);

  // Takes the temporary file away, where there is one still. What is left of it goes to `discarded`.
  void Discard(Discarded& discarded);

 private:
  NewFile(UniqueFd fd, std::string target, TemporaryName temporary)
      : fd_(std::move(fd)), target_(std::move(target)), temporary_(std::move(temporary)) {}

  UniqueFd fd_;
  std::string target_;
  TemporaryName temporary_;
};

}  // namespace permafrost
