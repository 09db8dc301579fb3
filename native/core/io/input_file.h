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

// Which file it is, and when it was last written to. What is written within one tick of the file system's clock, a few
// milliseconds, may leave it the same.
struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t seconds = 0;
  std::int64_t nanoseconds = 0;

  bool operator==(const FileStamp&) const = default;
};

class InputFile {
 public:
  // Only regular files. `stop` ends all reading from it.
  static Result<InputFile> Open(const std::string& path, const MissingFile& missing = {}, Stop stop = {});

  const std::string& path() const { return path_; }
  // Both as they were when the file was opened.
  std::uint64_t size() const { return stamp_.size; }
  const FileStamp& stamp() const { return stamp_; }
  int fd() const { return fd_.get(); }

  // Fills `bytes` with what is in the file from `offset` on. From any thread. Fails with kReadFailed, also where the
  // file ends before them, and with kAborted.
  Status ReadAt(std::uint64_t offset, std::span<std::byte> bytes) const;

  // Fails with kReadFailed where the file has been written to since it had the stamp, or is another one.
  Status CheckUnchanged(const FileStamp& since) const;

 private:
  InputFile(UniqueFd fd, std::string path, const FileStamp& stamp, Stop stop)
      : fd_(std::move(fd)), path_(std::move(path)), stamp_(stamp), stop_(std::move(stop)) {}

  UniqueFd fd_;
  std::string path_;
  FileStamp stamp_;
  Stop stop_;
};

}  // namespace permafrost
