#include "io/input_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "io/posix.h"
#include "text.h"

namespace permafrost {
namespace {

// One read takes at most 2^31 bytes on Linux and fails above that on macOS.
constexpr std::size_t kLargestRead = std::size_t{1} << 30;

Status Unreadable(const std::string& cause, const std::string& path) {
  return {StatusCode::kReadFailed, "file unreadable (" + cause + "): " + path};
}

FileStamp StampOf(const struct stat& info) {
#ifdef __APPLE__
  const timespec& written = info.st_mtimespec;
#else
  const timespec& written = info.st_mtim;
#endif
  return {info.st_dev, info.st_ino, static_cast<std::uint64_t>(info.st_size), written.tv_sec, written.tv_nsec};
}

}  // namespace

Result<InputFile> InputFile::Open(const std::string& path, const MissingFile& missing, Stop stop) {
  // O_NONBLOCK keeps a FIFO at that path from blocking us before we can refuse it.
  UniqueFd fd(Retried([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK); }));
  if (!fd.valid()) {
    const int error = errno;
    if (error == ENOENT || error == ENOTDIR) {
      return Status(missing.code, std::string(missing.noun) + " (no such file): " + path);
    }
    return Unreadable(ErrnoText(error), path);
  }
  struct stat info{};
  if (::fstat(fd.get(), &info) != 0) return Unreadable(ErrnoText(errno), path);
  if (S_ISDIR(info.st_mode)) return Unreadable("a directory", path);
  if (!S_ISREG(info.st_mode)) return Unreadable("not a regular file", path);
  return InputFile(std::move(fd), path, StampOf(info), std::move(stop));
}

Status InputFile::ReadAt(std::uint64_t offset, std::span<std::byte> bytes) const {
  if (Status status = stop_.Check(); !status.ok()) return status;
  while (!bytes.empty()) {
    const ssize_t count = Retried([&] {
      return ::pread(fd_.get(), bytes.data(), std::min(bytes.size(), kLargestRead), static_cast<off_t>(offset));
    });
    if (count < 0) return Unreadable(ErrnoText(errno), path_);
    if (count == 0) {
      return Unreadable("it ends at " + std::to_string(offset) + " bytes and was longer when it was opened", path_);
    }
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
  return {};
}

Status InputFile::CheckUnchanged(const FileStamp& since) const {
  struct stat info{};
  if (::fstat(fd_.get(), &info) != 0) return Unreadable(ErrnoText(errno), path_);
  if (StampOf(info) == since) return {};
  return Unreadable("it has changed since it was opened", path_);
}

}  // namespace permafrost
