#include "pieces/fixed_size_reader.h"

#include <algorithm>
#include <utility>

namespace permafrost {

FixedSizeReader::FixedSizeReader(std::span<const std::byte> stored, std::size_t element_size, RunningChecksum checksum)
    : stored_(stored), element_size_(element_size), checksum_(std::move(checksum)) {}

Status FixedSizeReader::Read(std::uint64_t first, std::uint64_t count, const ByteSink& take) {
  auto end = static_cast<std::size_t>(first) * element_size_;
  auto wanted = stored_.subspan(end, static_cast<std::size_t>(count) * element_size_);
  while (!wanted.empty()) {
    const auto block = wanted.first(std::min(wanted.size(), kBlockSize));
    wanted = wanted.subspan(block.size());
    end += block.size();
    // Bytes are only summed up when there are enough: a run may be a single element.
    if (end - passed_ >= kBlockSize) PassTo(end);
    if (Status status = take(block); !status.ok()) return status;
  }
  return {};
}

Status FixedSizeReader::Finish() {
  PassTo(stored_.size());
  return checksum_.Verdict();
}

void FixedSizeReader::PassTo(std::size_t end) {
  checksum_.Pass(stored_.subspan(passed_, end - passed_));
  passed_ = end;
}

}  // namespace permafrost
