#include "tensor/slice_key.h"

#include <bit>

#include "byte_reader.h"

namespace permafrost {
namespace {

bool ReadByte(ByteReader& reader, std::uint32_t& value) {
  std::span<const std::byte> byte;
  if (!reader.ReadBytes(1, byte)) return false;
  value = std::to_integer<std::uint32_t>(byte[0]);
  return true;
}

bool ReadBigEndian(ByteReader& reader, std::size_t count, std::uint64_t& value) {
  for (; count > 0; --count) {
    std::uint32_t byte = 0;
    if (!ReadByte(reader, byte)) return false;
    value = (value << 8) | byte;
  }
  return true;
}

// One byte of length, then that many big-endian bytes.
bool ReadUnsigned(ByteReader& reader, std::uint64_t& value) {
  std::uint32_t length = 0;
  value = 0;
  return ReadByte(reader, length) && length <= 8 && ReadBigEndian(reader, length, value);
}

// 00 ff is a zero byte, ff 00 is ff, 00 01 is the end; any other pair that begins with 00 or ff is an error.
bool ReadString(ByteReader& reader, std::string& value) {
  std::uint32_t byte = 0;
  std::uint32_t next = 0;
  while (ReadByte(reader, byte)) {
    if (byte != 0 && byte != 0xff) {
      value += static_cast<char>(byte);
      continue;
    }
    if (!ReadByte(reader, next)) return false;
    if (byte == 0 && next == 1) return true;
    if (next != 0xff - byte) return false;
    value += static_cast<char>(byte);
  }
  return false;
}

// The leading bits that equal the sign bit count the bytes; what follows the first bit that differs is the value in
// two's complement. Negative numbers are the complement of the whole, so they are read as their complement.
bool ReadSigned(ByteReader& reader, std::int64_t& value) {
  std::uint32_t first = 0;
  if (!ReadByte(reader, first)) return false;
  const std::uint64_t complement = (first & 0x80) != 0 ? 0 : ~std::uint64_t{0};
  const auto head = static_cast<std::uint8_t>(first ^ static_cast<std::uint8_t>(complement));
  auto length = static_cast<std::size_t>(std::countl_one(head));
  std::uint64_t bits = head;
  std::size_t read = 1;
  if (length == 8) {
    // Up to two more length bits stand in the second byte.
    std::uint32_t second = 0;
    if (!ReadByte(reader, second)) return false;
    second ^= static_cast<std::uint8_t>(complement);
    length += (second & 0x80) == 0 ? 0u : (second & 0x40) == 0 ? 1u : 2u;
    bits = second;
    read = 2;
  }
  // The bits that spelled the length are not part of the value.
  const std::size_t length_bits_here = read == 1 ? length : length - 8;
  bits &= 0xffu >> length_bits_here;
  for (; read < length; ++read) {
    std::uint32_t byte = 0;
    if (!ReadByte(reader, byte) || bits > (~std::uint64_t{0} >> 8)) return false;
    bits = (bits << 8) | (byte ^ static_cast<std::uint8_t>(complement));
  }
  if ((bits >> 63) != 0) return false;
  value = static_cast<std::int64_t>(bits ^ complement);
  return true;
}

}  // namespace

std::optional<SliceKey> DecodeSliceKey(std::string_view key) {
  ByteReader reader(std::as_bytes(std::span(key)));
  SliceKey result;
  std::uint64_t zero = 0;
  std::uint64_t rank = 0;
  if (!ReadUnsigned(reader, zero) || zero != 0 || !ReadString(reader, result.tensor) || !ReadUnsigned(reader, rank)) {
    return std::nullopt;
  }
  // Each extent takes two bytes at least.
  if (rank > reader.remaining() / 2) return std::nullopt;
  for (; rank > 0; --rank) {
    Extent extent;
    if (!ReadSigned(reader, extent.start) || !ReadSigned(reader, extent.length)) return std::nullopt;
    if (extent.start < 0 || extent.length < -1) return std::nullopt;
    result.extents.push_back(extent);
  }
  if (reader.remaining() != 0) return std::nullopt;
  return result;
}

}  // namespace permafrost
