// Where strings come from, one after the other and each piece by piece.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "status.h"

namespace permafrost {

class StringSource {
 public:
  StringSource() = default;
  StringSource(const StringSource&) = delete;
  StringSource& operator=(const StringSource&) = delete;
  virtual ~StringSource() = default;

  // Goes on to the next string, of `size` bytes, whether or not all of the one before was taken; false after the last.
  virtual Result<bool> Next(std::uint64_t& size) = 0;

  // Lends the next bytes of the string, `most` or fewer, until the next call.
  virtual Result<std::span<const std::byte>> Take(std::uint64_t most) = 0;
};

}  // namespace permafrost
