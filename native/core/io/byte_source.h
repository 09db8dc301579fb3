// Bytes that lie in a file, or in memory, and are read at given places.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "status.h"

namespace permafrost {

// Fills the bytes with those of a source from `offset` on; all of them must be in it.
using Fetch = std::function<Status(std::uint64_t offset, std::span<std::byte> bytes)>;

struct ByteSource {
  Fetch fetch;
  std::uint64_t size = 0;

  static ByteSource Of(std::vector<std::byte> bytes);

  // The bytes from `offset` on, which must be in it.
  ByteSource Part(std::uint64_t offset, std::uint64_t part_size) const;

  // Only for what is small, or as large as a file that is read whole may be.
  Result<std::vector<std::byte>> ReadAll() const;
};

}  // namespace permafrost
