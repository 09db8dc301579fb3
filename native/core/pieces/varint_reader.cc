#include "pieces/varint_reader.h"

#include <algorithm>
#include <utility>

namespace permafrost {

VarintReader::VarintReader(const ByteSource& varints, DataType dtype, std::string about, Stop stop)
    : rest_(varints.fetch, 0, varints.size),
      element_size_(ElementSize(dtype)),
      is_bool_(dtype == DataType::kBool),
      about_(std::move(about)),
      stop_(std::move(stop)) {}

Status VarintReader::Read(std::uint64_t first, std::uint64_t count, const ByteSink& take) {
  std::uint64_t value = 0;
  while (next_ < first) {
    if (Status status = stop_.Check(); !status.ok()) return status;
    const std::uint64_t block_end = std::min<std::uint64_t>(first, next_ + kBlockSize);
    for (; next_ < block_end; ++next_) {
      if (Status status = Next(value); !status.ok()) return status;
    }
  }
  const std::uint64_t end = first + count;
  while (next_ < end) {
    const std::uint64_t block_end = std::min<std::uint64_t>(end, next_ + kBlockSize / element_size_);
    block_.clear();
    for (; next_ < block_end; ++next_) {
      if (Status status = Next(value); !status.ok()) return status;
      if (is_bool_) value = value != 0 ? 1 : 0;
      for (std::size_t i = 0; i < element_size_; ++i) block_.push_back(static_cast<std::byte>(value >> (8 * i)));
    }
    if (Status status = take(block_); !status.ok()) return status;
  }
  return {};
}

Result<std::optional<std::uint64_t>> VarintReader::Count(const ByteSource& varints) {
  ByteCursor rest(varints.fetch, 0, varints.size);
  const auto is_last = [](std::byte byte) { return byte < std::byte{0x80}; };
  std::uint64_t count = 0;
  bool is_whole = true;
  while (rest.remaining() > 0) {
    const auto bytes = rest.Take(rest.remaining());
    if (!bytes.ok()) return bytes.status();
    count += static_cast<std::uint64_t>(std::ranges::count_if(bytes.value(), is_last));
    is_whole = is_last(bytes.value().back());
  }
  return is_whole ? std::optional(count) : std::nullopt;
}

Status VarintReader::Next(std::uint64_t& value) {
  const auto next = rest_.TakeVarint();
  if (!next.ok()) return next.status();
  if (next.value()) {
    value = *next.value();
    return {};
  }
  return {StatusCode::kCheckpointMalformed, "malformed number: " + about_};
}

}  // namespace permafrost
