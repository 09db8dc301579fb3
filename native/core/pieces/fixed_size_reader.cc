#include "pieces/fixed_size_reader.h"

#include <algorithm>
#include <utility>

namespace permafrost {

FixedSizeReader::FixedSizeReader(Fetch fetch, std::uint64_t size, std::size_t element_size, std::size_t block_size,
                                 RunningChecksum checksum)
    : fetch_(std::move(fetch)),
      size_(size),
      element_size_(element_size),
      block_size_(block_size),
      checksum_(std::move(checksum)) {}

Status FixedSizeReader::Read(std::uint64_t first, std::uint64_t count, const ByteSink& take) {
  std::uint64_t at = first * element_size_;
  const std::uint64_t end = at + count * element_size_;
  while (at < end) {
    if (Status status = Advance(at); !status.ok()) return status;
    const auto skipped = static_cast<std::size_t>(at - start_);
    const std::uint64_t taken = std::min<std::uint64_t>(end - at, block_.size() - skipped);
    const auto bytes = std::span<const std::byte>(block_).subspan(skipped, static_cast<std::size_t>(taken));
    if (Status status = take(bytes); !status.ok()) return status;
    at += taken;
  }
  return {};
}

Status FixedSizeReader::Finish() {
  // Without a checksum the rest is nobody's business.
  if (checksum_.is_wanted() && size_ > 0) {
    if (Status status = Advance(size_ - 1); !status.ok()) return status;
  }
  return checksum_.Verdict();
}

Status FixedSizeReader::Advance(std::uint64_t at) {
  std::uint64_t end = start_ + block_.size();
  while (at >= end) {
    // A checksum wants every byte, in order.
    start_ = checksum_.is_wanted() ? end : at - at % block_size_;
    block_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(block_size_, size_ - start_)));
    if (Status status = fetch_(start_, block_); !status.ok()) return status;
    checksum_.Pass(block_);
    end = start_ + block_.size();
  }
  return {};
}

}  // namespace permafrost
