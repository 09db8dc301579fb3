// A file that appears at its target whole or not at all. POSIX only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "io/unique_fd.h"
#include "status.h"

namespace permafrost {

// Writes to a temporary file in the folder of the target and renames it over the target at `Commit`. Destroyed without
// a successful commit, it removes the temporary file and leaves the target as it was. Not for use by several threads.
class NewFile {
 public:
  // `size` is reserved on the disk at once, so that a full disk is known before any work is done. A target that is a
  // symbolic link stands for the file it points to. The permission bits of an existing target are kept.
  static Result<NewFile> Create(const std::string& target, std::uint64_t size);

  NewFile(NewFile&& other) noexcept = default;
  NewFile& operator=(NewFile&&) = delete;
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile();

  // Small pieces are gathered, large ones go straight to the system.
  Status Append(std::span<const std::byte> bytes);

  // Puts the file in place; `durable` waits until the disk has it. Call it once, last.
  Status Commit(bool durable);

  const std::string& temporary_path() const { return temporary_; }

 private:
  NewFile(UniqueFd fd, std::string target, std::string temporary, std::uint64_t size);

  Status Flush();
  Status WriteThrough(std::span<const std::byte> bytes);
  Status Failure(const std::string& what, int error) const;

  UniqueFd fd_;  // closed: committed, or moved from
  std::string target_;
  std::string temporary_;
  std::uint64_t reserved_ = 0;
  std::uint64_t written_ = 0;  // without what is still in the buffer
  std::vector<std::byte> buffer_;
};

}  // namespace permafrost
