// A bounded cursor over bytes in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace permafrost {

// A little-endian load from the first bytes of `bytes`, which must be there. Spelled out by bytes so that it is right
// on any host; compilers make one instruction of it.
template <typename T>
constexpr T LoadLittleEndian(std::span<const std::byte> bytes) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) value |= std::to_integer<T>(bytes[i]) << (8 * i);
  return value;
}

constexpr std::uint32_t LoadFixed32(std::span<const std::byte> bytes) { return LoadLittleEndian<std::uint32_t>(bytes); }
constexpr std::uint64_t LoadFixed64(std::span<const std::byte> bytes) { return LoadLittleEndian<std::uint64_t>(bytes); }

// Every read either fills its argument, moves on and returns true, or returns false; after a failure the position is
// unspecified but still within bounds. Borrows the bytes.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) : rest_(bytes) {}

  std::size_t remaining() const { return rest_.size(); }
  std::span<const std::byte> rest() const { return rest_; }

  // At most 10 bytes; a value that does not fit is refused, not truncated.
  [[nodiscard]] bool ReadVarint64(std::uint64_t& value);
  [[nodiscard]] bool ReadVarint32(std::uint32_t& value);
  [[nodiscard]] bool ReadFixed32(std::uint32_t& value);
  [[nodiscard]] bool ReadFixed64(std::uint64_t& value);
  // Lends `size` bytes. The size is 64 bits wide because it mostly comes from a file.
  [[nodiscard]] bool ReadBytes(std::uint64_t size, std::span<const std::byte>& bytes);

 private:
  std::span<const std::byte> rest_;
};

}  // namespace permafrost
