// Arithmetic modulo the Castagnoli polynomial, at compile time, for the tables of the implementations.
#pragma once

#include <array>
#include <cstdint>

namespace permafrost::crc32c {

// Bits are reflected: the top bit is the coefficient of x^0.
inline constexpr std::uint32_t kPolynomial = 0x82f63b78u;
inline constexpr std::uint32_t kOne = 0x80000000u;

constexpr std::uint32_t TimesX(std::uint32_t a) { return (a >> 1) ^ ((a & 1u) != 0 ? kPolynomial : 0u); }

constexpr std::uint32_t Multiply(std::uint32_t a, std::uint32_t b) {
  std::uint32_t product = 0;
  for (; a != 0; a <<= 1, b = TimesX(b)) {
    if ((a & kOne) != 0) product ^= b;
  }
  return product;
}

constexpr std::uint32_t PowerOfX(std::uint64_t exponent) {
  std::uint32_t result = kOne;
  for (std::uint32_t square = TimesX(kOne); exponent != 0; exponent >>= 1, square = Multiply(square, square)) {
    if ((exponent & 1) != 0) result = Multiply(result, square);
  }
  return result;
}

using ByteTables = std::array<std::array<std::uint32_t, 256>, 4>;

// Lookup tables, one for each byte of a checksum, that multiply it by x^(8 * bytes): what `bytes` zeros do to it.
constexpr ByteTables ShiftTables(std::uint64_t bytes) {
  const std::uint32_t factor = PowerOfX(8 * bytes);
  ByteTables tables{};
  for (std::uint32_t i = 0; i < 4; ++i) {
    for (std::uint32_t byte = 0; byte < 256; ++byte) tables[i][byte] = Multiply(byte << (8 * i), factor);
  }
  return tables;
}

constexpr std::uint32_t Shift(const ByteTables& tables, std::uint32_t crc) {
  return tables[0][crc & 0xff] ^ tables[1][(crc >> 8) & 0xff] ^ tables[2][(crc >> 16) & 0xff] ^ tables[3][crc >> 24];
}

}  // namespace permafrost::crc32c
