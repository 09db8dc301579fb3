#include "plan/output.h"

#include <algorithm>

#include "pieces/byte_sink.h"

namespace permafrost {

Status Output::Write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const auto here = bytes.first(std::min(block() - buffer_.size(), bytes.size()));
    bytes = bytes.subspan(here.size());
    const bool is_block = here.size() == block();
    if (!is_block) buffer_.insert(buffer_.end(), here.begin(), here.end());
    if (Status status = is_block ? WriteThrough(here) : Keep(); !status.ok()) return status;
  }
  return {};
}

std::span<std::byte> Output::Lend(std::uint64_t most, std::size_t unit) {
  // An element may go on in the next block.
  const std::size_t room = (block() - buffer_.size() + unit - 1) / unit * unit;
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(most, room));
  buffer_.resize(buffer_.size() + size);
  return std::span(buffer_).last(size);
}

Status Output::Keep() {
  while (buffer_.size() >= block()) {
    const std::size_t size = block();
    if (Status status = WriteThrough(std::span(buffer_).first(size)); !status.ok()) return status;
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(size));
  }
  return {};
}

Status Output::Flush() {
  Status status = WriteThrough(buffer_);
  buffer_.clear();
  return status;
}

// Bytes of the block that begins with the buffer.
std::size_t Output::block() const { return static_cast<std::size_t>(files_.BlockEnd(at_, kBlockSize) - at_); }

Status Output::WriteThrough(std::span<const std::byte> bytes) {
  if (Status status = progress_.stop.Check(); !status.ok()) return status;
  if (Status status = files_.WriteAt(at_, bytes); !status.ok()) return status;
  at_ += bytes.size();
  progress_.bytes_written.fetch_add(bytes.size(), std::memory_order_relaxed);
  return {};
}

}  // namespace permafrost
