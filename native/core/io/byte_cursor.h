// Reads bytes that lie elsewhere from front to back, a block at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "io/byte_source.h"
#include "status.h"

namespace permafrost {

class ByteCursor {
 public:
  static constexpr std::size_t kBlock = std::size_t{64} * 1024;

  // The bytes from `begin` to `end` of what `fetch` reads, `block` of them at a time.
  ByteCursor(Fetch fetch, std::uint64_t begin, std::uint64_t end, std::size_t block = kBlock)
      : fetch_(std::move(fetch)), next_(begin), end_(end), block_size_(block) {}

  std::uint64_t position() const { return next_ - left_.size(); }
  std::uint64_t remaining() const { return end_ - position(); }

  // Lends the next bytes, `most` or fewer, until the next call; none are left where it lends none.
  Result<std::span<const std::byte>> Take(std::uint64_t most);

  // Fills `bytes` with the next ones, of which there must be as many.
  Status Read(std::span<std::byte> bytes);

  // Passes by bytes, of which there must be as many.
  void Skip(std::uint64_t size);

  // Nothing where the bytes end before a varint does, or it is too long.
  Result<std::optional<std::uint64_t>> TakeVarint();

 private:
  Status Fill();

  Fetch fetch_;
  std::uint64_t next_;  // what the block does not have yet
  std::uint64_t end_;
  std::size_t block_size_;
  std::vector<std::byte> block_;
  std::span<const std::byte> left_;  // of the block
};

}  // namespace permafrost
