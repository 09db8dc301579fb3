#include "pieces/byte_cursor.h"

#include <algorithm>

namespace permafrost {
namespace {

constexpr std::size_t kBlock = std::size_t{64} * 1024;

}  // namespace

Result<std::span<const std::byte>> ByteCursor::Take(std::uint64_t most) {
  if (Status status = Fill(); !status.ok()) return status;
  const auto bytes = left_.first(static_cast<std::size_t>(std::min<std::uint64_t>(most, left_.size())));
  left_ = left_.subspan(bytes.size());
  return bytes;
}

Result<std::optional<std::uint64_t>> ByteCursor::TakeVarint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const auto byte = Take(1);
    if (!byte.ok()) return byte.status();
    if (byte.value().empty()) break;
    const auto bits = std::to_integer<std::uint64_t>(byte.value().front());
    // Nine bytes hold 63 bits, so the tenth has room for one.
    if (shift == 63 && bits > 1) break;
    value |= (bits & 0x7f) << shift;
    if (bits < 0x80) return std::optional(value);
  }
  return std::optional<std::uint64_t>();
}

Status ByteCursor::Fill() {
  if (!left_.empty() || next_ == end_) return {};
  block_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kBlock, end_ - next_)));
  if (Status status = fetch_(next_, block_); !status.ok()) return status;
  next_ += block_.size();
  left_ = block_;
  return {};
}

}  // namespace permafrost
