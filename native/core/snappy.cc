#include "snappy.h"

#include <algorithm>
#include <cstdint>

#include "byte_reader.h"

namespace permafrost::snappy {
namespace {

// The densest element is a copy of 64 bytes spelled in 3.
constexpr std::uint64_t kMostOutputPerInput = 22;

enum Tag : std::uint8_t { kLiteral = 0, kCopyOneByteOffset = 1, kCopyTwoByteOffset = 2 };

bool ReadLittleEndian(ByteReader& reader, std::size_t count, std::uint32_t& value) {
  std::span<const std::byte> bytes;
  if (!reader.ReadBytes(count, bytes)) return false;
  value = 0;
  for (std::size_t i = 0; i < count; ++i) value |= std::to_integer<std::uint32_t>(bytes[i]) << (8 * i);
  return true;
}

// Nothing where no input of this length can hold so much.
std::optional<std::size_t> ReadDeclaredSize(ByteReader& reader) {
  std::uint32_t size = 0;
  if (!reader.ReadVarint32(size) || size > reader.remaining() * kMostOutputPerInput) return std::nullopt;
  return size;
}

bool DecodeLiteral(std::uint32_t tag, ByteReader& reader, std::vector<std::byte>& output, std::size_t limit) {
  // Lengths up to 60 stand in the tag itself; 60..63 there say that 1..4 bytes of length follow.
  std::uint32_t length_minus_one = tag >> 2;
  if (length_minus_one >= 60 && !ReadLittleEndian(reader, length_minus_one - 59, length_minus_one)) return false;
  const std::uint64_t length = std::uint64_t{length_minus_one} + 1;
  std::span<const std::byte> bytes;
  if (length > limit - output.size() || !reader.ReadBytes(length, bytes)) return false;
  output.insert(output.end(), bytes.begin(), bytes.end());
  return true;
}

bool DecodeCopy(std::uint32_t tag, ByteReader& reader, std::vector<std::byte>& output, std::size_t limit) {
  std::uint32_t offset = 0;
  std::size_t length = (tag >> 2) + 1;
  switch (tag & 3) {
    case kCopyOneByteOffset:
      if (!ReadLittleEndian(reader, 1, offset)) return false;
      offset |= (tag >> 5) << 8;
      length = ((tag >> 2) & 7) + 4;
      break;
    case kCopyTwoByteOffset:
      if (!ReadLittleEndian(reader, 2, offset)) return false;
      break;
    default:
      if (!ReadLittleEndian(reader, 4, offset)) return false;
      break;
  }
  if (offset == 0 || offset > output.size() || length > limit - output.size()) return false;
  // Byte by byte: a copy may reach into what it is just producing. The room was reserved, so nothing moves.
  const std::size_t from = output.size() - offset;
  for (std::size_t i = 0; i < length; ++i) output.push_back(output[from + i]);
  return true;
}

}  // namespace

std::optional<std::vector<std::byte>> Decompress(std::span<const std::byte> input) {
  ByteReader reader(input);
  const auto declared = ReadDeclaredSize(reader);
  if (!declared) return std::nullopt;
  std::vector<std::byte> output;
  output.reserve(*declared);
  while (reader.remaining() > 0) {
    std::uint32_t tag = 0;
    if (!ReadLittleEndian(reader, 1, tag)) return std::nullopt;
    const bool good = (tag & 3) == kLiteral ? DecodeLiteral(tag, reader, output, *declared)
                                            : DecodeCopy(tag, reader, output, *declared);
    if (!good) return std::nullopt;
  }
  if (output.size() != *declared) return std::nullopt;
  return output;
}

}  // namespace permafrost::snappy
