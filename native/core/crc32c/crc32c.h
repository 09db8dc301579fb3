// CRC-32C (Castagnoli), the checksum of tensor bundles and of their tables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace permafrost::crc32c {

// The checksum of what `crc` covers followed by `bytes`; 0 covers nothing.
std::uint32_t Extend(std::uint32_t crc, std::span<const std::byte> bytes);
inline std::uint32_t Value(std::span<const std::byte> bytes) { return Extend(0, bytes); }

// The checksum of what `a` covers followed by the `b_size` bytes that `b` covers.
std::uint32_t Combine(std::uint32_t a, std::uint32_t b, std::uint64_t b_size);

// Files store checksums masked, because the checksum of bytes that contain their own checksum is degenerate.
constexpr std::uint32_t Mask(std::uint32_t crc) { return ((crc >> 15) | (crc << 17)) + 0xa282ead8u; }
constexpr std::uint32_t Unmask(std::uint32_t masked) {
  const std::uint32_t rotated = masked - 0xa282ead8u;
  return (rotated >> 17) | (rotated << 15);
}

// One way to compute `Extend`.
struct Implementation {
  std::string_view name;
  std::uint32_t (*extend)(std::uint32_t crc, std::span<const std::byte> bytes);
};

// Those that this processor can run, best first; `Extend` uses the first. Never empty.
std::span<const Implementation> Implementations();

}  // namespace permafrost::crc32c
