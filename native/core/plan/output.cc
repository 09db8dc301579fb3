#include "plan/output.h"

#include <algorithm>

#include "pieces/byte_sink.h"

namespace permafrost {

Status Output::Write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const auto here = bytes.first(std::min(room(), bytes.size()));
    bytes = bytes.subspan(here.size());
    const bool is_block = buffer_.empty() && here.size() == room();
    if (!is_block) buffer_.insert(buffer_.end(), here.begin(), here.end());
    if (Status status = is_block ? WriteThrough(here) : Keep(); !status.ok()) return status;
  }
  return {};
}

std::span<std::byte> Output::Lend(std::uint64_t most) {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(most, room()));
  buffer_.resize(buffer_.size() + size);
  return std::span(buffer_).last(size);
}

Status Output::Keep() { return room() == 0 ? Flush() : Status(); }

Status Output::Flush() {
  Status status = WriteThrough(buffer_);
  buffer_.clear();
  return status;
}

// Bytes that the buffer still takes, to the end of its block.
std::size_t Output::room() const {
  return static_cast<std::size_t>(files_.BlockEnd(at_, kBlockSize) - at_) - buffer_.size();
}

Status Output::WriteThrough(std::span<const std::byte> bytes) {
  if (progress_.abort.load(std::memory_order_relaxed)) return {StatusCode::kAborted, "aborted"};
  if (Status status = files_.WriteAt(at_, bytes); !status.ok()) return status;
  at_ += bytes.size();
  progress_.bytes_written.fetch_add(bytes.size(), std::memory_order_relaxed);
  return {};
}

}  // namespace permafrost
