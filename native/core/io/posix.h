// What the system's calls leave to their callers. All give an errno, 0 when all went well.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>

#include "io/unique_fd.h"

namespace permafrost {

// A signal's handler may cut a system call short.
template <typename Call>
auto Retried(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

// Waits until the disk has what was written to it.
int Sync(int fd);

// As `Sync`, for the names in a folder. A filesystem whose folders cannot be synced is no failure.
int SyncFolder(int fd);

// Asks for the space that the first `size` bytes need. Filesystems that cannot reserve any are no failure: the writes
// themselves will tell.
int Reserve(int fd, std::uint64_t size);

int WriteAt(int fd, std::uint64_t offset, std::span<const std::byte> bytes);

// A full disk or quota may come to light only here, above all on a network.
int Close(UniqueFd fd);

}  // namespace permafrost
