#include "byte_reader.h"

#include <limits>

namespace permafrost {
bool ByteReader::ReadVarint64(std::uint64_t& value) {
  std::uint64_t result = 0;
  for (std::size_t i = 0; i < 10 && i < rest_.size(); ++i) {
    const auto byte = std::to_integer<std::uint64_t>(rest_[i]);
    // Nine bytes hold 63 bits, so the tenth has room for one.
    if (i == 9 && byte > 1) return false;
    result |= (byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      rest_ = rest_.subspan(i + 1);
      value = result;
      return true;
    }
  }
  return false;
}

bool ByteReader::ReadVarint32(std::uint32_t& value) {
  std::uint64_t wide = 0;
  if (!ReadVarint64(wide) || wide > std::numeric_limits<std::uint32_t>::max()) return false;
  value = static_cast<std::uint32_t>(wide);
  return true;
}

bool ByteReader::ReadFixed32(std::uint32_t& value) {
  if (rest_.size() < sizeof(value)) return false;
  value = LoadFixed32(rest_);
  rest_ = rest_.subspan(sizeof(value));
  return true;
}

bool ByteReader::ReadFixed64(std::uint64_t& value) {
  if (rest_.size() < sizeof(value)) return false;
  value = LoadFixed64(rest_);
  rest_ = rest_.subspan(sizeof(value));
  return true;
}

bool ByteReader::ReadBytes(std::uint64_t size, std::span<const std::byte>& bytes) {
  if (size > rest_.size()) return false;
  bytes = rest_.first(static_cast<std::size_t>(size));
  rest_ = rest_.subspan(static_cast<std::size_t>(size));
  return true;
}

}  // namespace permafrost
