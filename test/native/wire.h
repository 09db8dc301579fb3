// Writes the primitive encodings that test inputs are made of, independently of the code under test.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace permafrost::test {

inline std::span<const std::byte> Bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

inline std::string Text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline std::string Varint(std::uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out += static_cast<char>((value & 0x7f) | 0x80);
  out += static_cast<char>(value);
  return out;
}

inline void AppendFixed(std::string& out, std::uint64_t value, int width, bool big_endian = false) {
  for (int i = 0; i < width; ++i) out += static_cast<char>(value >> (8 * (big_endian ? width - 1 - i : i)));
}

inline std::string Fixed(std::uint64_t value, int width, bool big_endian = false) {
  std::string out;
  AppendFixed(out, value, width, big_endian);
  return out;
}

inline std::string Fixed32(std::uint32_t value) { return Fixed(value, 4); }

inline std::string Floats(const std::vector<float>& values, bool big_endian = false) {
  std::string bytes;
  for (const float value : values) AppendFixed(bytes, std::bit_cast<std::uint32_t>(value), 4, big_endian);
  return bytes;
}

// Fields of a protocol buffer message.
inline std::string VarintField(int number, std::int64_t value) {
  return Varint(static_cast<std::uint64_t>(number) << 3) + Varint(static_cast<std::uint64_t>(value));
}
inline std::string Fixed32Field(int number, std::uint32_t value) {
  return Varint((static_cast<std::uint64_t>(number) << 3) | 5) + Fixed32(value);
}
inline std::string BytesField(int number, std::string_view bytes) {
  return Varint((static_cast<std::uint64_t>(number) << 3) | 2) + Varint(bytes.size()) + std::string(bytes);
}

}  // namespace permafrost::test
