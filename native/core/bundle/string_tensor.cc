#include "bundle/string_tensor.h"

#include <array>
#include <limits>

#include "crc32c/crc32c.h"
#include "text.h"

namespace permafrost {
namespace {

Status BadStrings(const std::string& cause, const std::string& about) {
  return {StatusCode::kCheckpointMalformed, "bad string tensor (" + cause + "): " + about};
}

// TensorFlow before 1.12 knew only 32-bit lengths, and the checksum still counts every length that fits as one.
std::uint32_t ExtendByLength(std::uint32_t crc, std::uint64_t length, bool big_endian) {
  const std::size_t width = length <= std::numeric_limits<std::uint32_t>::max() ? 4 : 8;
  std::array<std::byte, 8> bytes{};
  for (std::size_t i = 0; i < width; ++i) {
    bytes[big_endian ? width - 1 - i : i] = static_cast<std::byte>(length >> (8 * i));
  }
  return crc32c::Extend(crc, std::span(bytes).first(width));
}

std::uint32_t LoadChecksum(std::span<const std::byte> bytes, bool big_endian) {
  const std::uint32_t value = LoadFixed32(bytes);
  if (!big_endian) return value;
  return (value >> 24) | ((value >> 8) & 0xff00u) | ((value << 8) & 0xff0000u) | (value << 24);
}

}  // namespace

Result<StringTensor> StringTensor::Parse(std::span<const std::byte> stored, std::uint64_t elements, bool big_endian,
                                         const std::string& about) {
  StringTensor tensor;
  tensor.elements_ = elements;
  // Without elements a writer may have left out even the checksum.
  if (elements == 0 && stored.empty()) return tensor;

  ByteReader reader(stored);
  std::uint32_t crc = 0;
  std::uint64_t total = 0;
  for (std::uint64_t i = 0; i < elements; ++i) {
    std::uint64_t length = 0;
    if (!reader.ReadVarint64(length)) return BadStrings("truncated lengths", about);
    if (length > stored.size() || total + length > stored.size()) {
      return BadStrings("element " + std::to_string(i) + " past its end", about);
    }
    total += length;
    crc = ExtendByLength(crc, length, big_endian);
  }
  tensor.lengths_ = ByteReader(stored.first(stored.size() - reader.remaining()));

  std::span<const std::byte> checksum;
  if (!reader.ReadBytes(sizeof(std::uint32_t), checksum)) return BadStrings("truncated lengths", about);
  const std::uint32_t stored_crc = crc32c::Unmask(LoadChecksum(checksum, big_endian));
  if (stored_crc != crc) {
    return Status(StatusCode::kChecksumMismatch, "checksum mismatch (stored " + Hex32(stored_crc) + ", computed " +
                                                     Hex32(crc) + "): string lengths of " + about);
  }
  tensor.lengths_crc_ = crc32c::Extend(crc, checksum);
  tensor.data_ = ByteReader(reader.rest());
  if (total != tensor.data_.remaining()) {
    return BadStrings(
        "lengths add up to " + std::to_string(total) + " bytes, not " + std::to_string(tensor.data_.remaining()),
        about);
  }
  return tensor;
}

}  // namespace permafrost
