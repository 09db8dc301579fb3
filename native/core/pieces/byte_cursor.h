// Reads the bytes of a piece from front to back, a block at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "status.h"

namespace permafrost {

// Fills the bytes with those of a piece from `offset` on.
using Fetch = std::function<Status(std::uint64_t offset, std::span<std::byte> bytes)>;

class ByteCursor {
 public:
  // The bytes from `begin` to `end` of the piece.
  ByteCursor(Fetch fetch, std::uint64_t begin, std::uint64_t end) : fetch_(std::move(fetch)), next_(begin), end_(end) {}

  std::uint64_t position() const { return next_ - left_.size(); }

  // Lends the next bytes, `most` or fewer, until the next call; none are left where it lends none.
  Result<std::span<const std::byte>> Take(std::uint64_t most);

  // Nothing where the bytes end before a varint does, or it is too long.
  Result<std::optional<std::uint64_t>> TakeVarint();

 private:
  Status Fill();

  Fetch fetch_;
  std::uint64_t next_;  // what the block does not have yet
  std::uint64_t end_;
  std::vector<std::byte> block_;
  std::span<const std::byte> left_;  // of the block
};

}  // namespace permafrost
