#include "pieces/string_reader.h"

#include <algorithm>
#include <utility>

#include "pieces/convert.h"

namespace permafrost {

StringReader::StringReader(Next next, RunningChecksum checksum)
    : next_(std::move(next)), checksum_(std::move(checksum)) {}

Status StringReader::Read(std::uint64_t first, std::uint64_t count, const ByteSink& take) {
  std::span<const std::byte> element;
  for (; at_ < first && next_(element); ++at_) checksum_.Pass(element);
  for (const std::uint64_t end = first + count; at_ < end && next_(element); ++at_) {
    head_.clear();
    AppendStringHead(element.size(), head_);
    if (Status status = take(head_); !status.ok()) return status;
    while (!element.empty()) {
      const auto block = element.first(std::min(element.size(), kBlockSize));
      element = element.subspan(block.size());
      checksum_.Pass(block);
      if (Status status = take(block); !status.ok()) return status;
    }
  }
  return {};
}

Status StringReader::Finish() {
  std::span<const std::byte> element;
  while (next_(element)) checksum_.Pass(element);
  return checksum_.Verdict();
}

}  // namespace permafrost
