#include "io/posix.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace permafrost {
namespace {

// One write takes at most 2^31 bytes on Linux and fails above that on macOS.
constexpr std::size_t kLargestWrite = std::size_t{1} << 30;
constexpr int kMostReserveAttempts = 16;

}  // namespace

int Sync(int fd) {
#ifdef F_FULLFSYNC
  // On macOS an fsync alone stops at the disk's own cache.
  if (Retried([&] { return ::fcntl(fd, F_FULLFSYNC); }) == 0) return 0;
#endif
  return Retried([&] { return ::fsync(fd); }) == 0 ? 0 : errno;
}

int SyncFolder(int fd) {
  const int error = Sync(fd);
  return error == EINVAL ? 0 : error;
}

int Reserve(int fd, std::uint64_t size) {
  if (size == 0) return 0;
  if (size > static_cast<std::uint64_t>(std::numeric_limits<off_t>::max())) return EFBIG;
#ifdef __linux__
  // Not posix_fallocate: where the filesystem cannot do it, glibc falls back to touching every block.
  // Not forever: tmpfs begins again from nothing after each signal.
  for (int i = 0; i < kMostReserveAttempts; ++i) {
    if (::fallocate(fd, 0, 0, static_cast<off_t>(size)) == 0) return 0;
    if (errno == ENOSPC || errno == EFBIG || errno == EDQUOT) return errno;
    if (errno != EINTR) return 0;
  }
#else
  static_cast<void>(fd);
#endif
  return 0;
}

int WriteAt(int fd, std::uint64_t offset, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const auto at = static_cast<off_t>(offset);
    const ssize_t count =
        Retried([&] { return ::pwrite(fd, bytes.data(), std::min(bytes.size(), kLargestWrite), at); });
    if (count < 0) return errno;
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
  return 0;
}

int Close(UniqueFd fd) { return ::close(fd.Release()) == 0 ? 0 : errno; }

}  // namespace permafrost
