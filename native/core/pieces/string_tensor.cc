#include "pieces/string_tensor.h"

#include <algorithm>
#include <array>
#include <limits>

#include "byte_reader.h"
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

Result<std::unique_ptr<StringTensor>> StringTensor::Open(const Fetch& fetch, std::uint64_t size, std::uint64_t elements,
                                                         bool big_endian, const std::string& about) {
  // Without elements a writer may have left out even the checksum.
  if (elements == 0 && size == 0) return std::make_unique<StringTensor>(fetch, size, elements, 0, 0);

  ByteCursor lengths(fetch, 0, size);
  std::uint32_t crc = 0;
  std::uint64_t total = 0;
  for (std::uint64_t i = 0; i < elements; ++i) {
    const auto length = lengths.TakeVarint();
    if (!length.ok()) return length.status();
    if (!length.value()) return BadStrings("truncated lengths", about);
    if (*length.value() > size || total + *length.value() > size) {
      return BadStrings("element " + std::to_string(i) + " past its end", about);
    }
    total += *length.value();
    crc = ExtendByLength(crc, *length.value(), big_endian);
  }

  const std::uint64_t data = lengths.position() + sizeof(std::uint32_t);
  if (data > size) return BadStrings("truncated lengths", about);
  std::array<std::byte, sizeof(std::uint32_t)> checksum{};
  if (Status status = fetch(lengths.position(), checksum); !status.ok()) return status;
  const std::uint32_t stored_crc = crc32c::Unmask(LoadChecksum(checksum, big_endian));
  if (stored_crc != crc) {
    return Status(StatusCode::kChecksumMismatch, "checksum mismatch (stored " + Hex32(stored_crc) + ", computed " +
                                                     Hex32(crc) + "): string lengths of " + about);
  }
  if (total != size - data) {
    return BadStrings("lengths add up to " + std::to_string(total) + " bytes, not " + std::to_string(size - data),
                      about);
  }
  return std::make_unique<StringTensor>(fetch, size, elements, data, crc32c::Extend(crc, checksum));
}

StringTensor::StringTensor(const Fetch& fetch, std::uint64_t size, std::uint64_t elements, std::uint64_t data,
                           std::uint32_t lengths_crc)
    : lengths_(fetch, 0, data), data_(fetch, data, size), elements_(elements), lengths_crc_(lengths_crc) {}

Result<bool> StringTensor::Next(std::uint64_t& size) {
  while (left_ > 0) {
    const auto rest = Take(left_);
    if (!rest.ok()) return rest.status();
  }
  if (elements_ == 0) return false;
  --elements_;
  const auto length = lengths_.TakeVarint();
  if (!length.ok()) return length.status();
  // Open has been through all of this; only another process can have changed it.
  if (!length.value()) return Status(StatusCode::kReadFailed, "lengths of strings changed while they were read");
  size = left_ = *length.value();
  return true;
}

Result<std::span<const std::byte>> StringTensor::Take(std::uint64_t most) {
  auto bytes = data_.Take(std::min(most, left_));
  if (!bytes.ok()) return bytes.status();
  if (bytes.value().empty() && left_ > 0) {
    return Status(StatusCode::kReadFailed, "lengths of strings changed while they were read");
  }
  left_ -= bytes.value().size();
  return bytes;
}

}  // namespace permafrost
