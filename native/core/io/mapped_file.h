// A file mapped into memory for reading. POSIX only: Windows needs its own mapped_file_win32.cc, which is not written.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "io/input_file.h"
#include "status.h"

namespace permafrost {

// Owns the mapping; `bytes()` stays valid, at the same address, until the object that was opened or moved to is
// destroyed. Reading is safe from any thread. A file cut short by another process while it is mapped raises SIGBUS, as
// with any mapping: sizes are checked against the file as it was at `Open`.
class MappedFile {
 public:
  // Only regular files; an empty one gives an empty span.
  static Result<MappedFile> Open(const std::string& path, const MissingFile& missing = {});

  MappedFile() = default;
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  explicit MappedFile(std::span<const std::byte> bytes) : bytes_(bytes) {}

  std::span<const std::byte> bytes_;
};

}  // namespace permafrost
