// A file that is read at given places. Nothing of it is mapped, so a file that another process cuts short is an error
// and no SIGBUS. POSIX only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "io/unique_fd.h"
#include "status.h"
#include "stop.h"

namespace permafrost {

// How to report that nothing is at the path: what is missing differs from caller to caller.
struct MissingFile {
  StatusCode code = StatusCode::kReadFailed;
  std::string_view noun = "file missing";
};

class InputFile {
 public:
  // Only regular files. `stop` ends all reading from it.
  static Result<InputFile> Open(const std::string& path, const MissingFile& missing = {}, Stop stop = {});

  const std::string& path() const { return path_; }
  // As it was when the file was opened.
  std::uint64_t size() const { return size_; }
  int fd() const { return fd_.get(); }

  // Fills `bytes` with what is in the file from `offset` on. From any thread. Fails with kReadFailed, also where the
  // file ends before them, and with kAborted.
  Status ReadAt(std::uint64_t offset, std::span<std::byte> bytes) const;

 private:
  InputFile(UniqueFd fd, std::string path, std::uint64_t size, Stop stop)
      : fd_(std::move(fd)), path_(std::move(path)), size_(size), stop_(std::move(stop)) {}

  UniqueFd fd_;
  std::string path_;
  std::uint64_t size_;
  Stop stop_;
};

}  // namespace permafrost
