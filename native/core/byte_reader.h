// A bounded cursor over bytes in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace permafrost {

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

// Little-endian loads from the first bytes of `bytes`, which must be there.
std::uint32_t LoadFixed32(std::span<const std::byte> bytes);
std::uint64_t LoadFixed64(std::span<const std::byte> bytes);

}  // namespace permafrost
