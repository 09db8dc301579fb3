#include "plan/output.h"

#include <algorithm>

#include "pieces/byte_sink.h"

namespace permafrost {

Status Output::Write(std::span<const std::byte> bytes) {
  if (buffer_.size() + bytes.size() > kBlockSize) {
    if (Status status = Flush(); !status.ok()) return status;
  }
  while (bytes.size() >= kBlockSize) {
    if (Status status = WriteThrough(bytes.first(kBlockSize)); !status.ok()) return status;
    bytes = bytes.subspan(kBlockSize);
  }
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
  return {};
}

Status Output::Flush() {
  Status status = WriteThrough(buffer_);
  buffer_.clear();
  return status;
}

Status Output::WriteThrough(std::span<const std::byte> bytes) {
  if (progress_.abort.load(std::memory_order_relaxed)) return {StatusCode::kAborted, "aborted"};
  if (Status status = files_.WriteAt(at_, bytes); !status.ok()) return status;
  at_ += bytes.size();
  progress_.bytes_written.fetch_add(bytes.size(), std::memory_order_relaxed);
  return {};
}

}  // namespace permafrost
