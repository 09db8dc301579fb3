#include "pieces/string_field_reader.h"

#include <algorithm>

#include "pieces/convert.h"
#include "proto/wire.h"

namespace permafrost {

Status StringFieldReader::Read(std::uint64_t first, std::uint64_t count, const ByteSink& take) {
  std::span<const std::byte> element;
  for (; next_ < first && Next(element); ++next_) continue;
  for (const std::uint64_t end = first + count; next_ < end && Next(element); ++next_) {
    head_.clear();
    AppendStringHead(element.size(), head_);
    if (Status status = take(head_); !status.ok()) return status;
    while (!element.empty()) {
      const auto block = element.first(std::min(element.size(), kBlockSize));
      element = element.subspan(block.size());
      if (Status status = take(block); !status.ok()) return status;
    }
  }
  return {};
}

bool StringFieldReader::Next(std::span<const std::byte>& element) {
  Field field;
  while (ReadField(rest_, field)) {
    if (!field.Is(kStringVal, kBytes)) continue;
    element = field.bytes;
    return true;
  }
  return false;
}

}  // namespace permafrost
