#include "io/byte_cursor.h"

#include <algorithm>
#include <array>

#include "byte_reader.h"

namespace permafrost {
namespace {

constexpr std::size_t kLongestVarint = 10;

}  // namespace

Result<std::span<const std::byte>> ByteCursor::Take(std::uint64_t most) {
  if (Status status = Fill(); !status.ok()) return status;
  const auto bytes = left_.first(static_cast<std::size_t>(std::min<std::uint64_t>(most, left_.size())));
  left_ = left_.subspan(bytes.size());
  return bytes;
}

Status ByteCursor::Read(std::span<std::byte> bytes) {
  while (!bytes.empty()) {
    const auto taken = Take(bytes.size());
    if (!taken.ok()) return taken.status();
    bytes =
        bytes.subspan(static_cast<std::size_t>(std::ranges::copy(taken.value(), bytes.begin()).out - bytes.begin()));
  }
  return {};
}

void ByteCursor::Skip(std::uint64_t size) {
  const auto here = static_cast<std::size_t>(std::min<std::uint64_t>(size, left_.size()));
  left_ = left_.subspan(here);
  next_ += size - here;
}

Result<std::optional<std::uint64_t>> ByteCursor::TakeVarint() {
  std::uint64_t value = 0;
  if (left_.size() >= kLongestVarint) {
    ByteReader reader(left_);
    if (!reader.ReadVarint64(value)) return std::optional<std::uint64_t>();
    left_ = reader.rest();
    return std::optional(value);
  }
  // It may go over the end of the block.
  std::array<std::byte, kLongestVarint> bytes{};
  std::size_t size = 0;
  do {
    if (Status status = Fill(); !status.ok()) return status;
    if (left_.empty()) break;
    bytes[size++] = left_.front();
    left_ = left_.subspan(1);
  } while (size < bytes.size() && bytes[size - 1] >= std::byte{0x80});
  const bool good = ByteReader(std::span(bytes).first(size)).ReadVarint64(value);
  return good ? std::optional(value) : std::nullopt;
}

Status ByteCursor::Fill() {
  if (!left_.empty() || next_ == end_) return {};
  block_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(block_size_, end_ - next_)));
  if (Status status = fetch_(next_, block_); !status.ok()) return status;
  next_ += block_.size();
  left_ = block_;
  return {};
}

}  // namespace permafrost
