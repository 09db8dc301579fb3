// Eight bytes a step through eight tables, for processors without an instruction for it.
#include <array>

#include "byte_reader.h"
#include "crc32c/implementations.h"
#include "crc32c/polynomial.h"

namespace permafrost::crc32c {
namespace {

using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

// kTables[n][b] is what byte b becomes when n zero bytes follow it.
constexpr Tables MakeTables() {
  Tables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (auto& table : tables) {
      for (int bit = 0; bit < 8; ++bit) crc = TimesX(crc);
      table[byte] = crc;
    }
  }
  return tables;
}

constexpr Tables kTables = MakeTables();

std::uint32_t ExtendPortable(std::uint32_t crc, std::span<const std::byte> bytes) {
  crc = ~crc;
  for (; bytes.size() >= 8; bytes = bytes.subspan(8)) {
    const std::uint32_t low = crc ^ LoadFixed32(bytes);
    const std::uint32_t high = LoadFixed32(bytes.subspan(4));
    crc = kTables[7][low & 0xff] ^ kTables[6][(low >> 8) & 0xff] ^ kTables[5][(low >> 16) & 0xff] ^
          kTables[4][low >> 24] ^ kTables[3][high & 0xff] ^ kTables[2][(high >> 8) & 0xff] ^
          kTables[1][(high >> 16) & 0xff] ^ kTables[0][high >> 24];
  }
  for (const std::byte byte : bytes) {
    crc = kTables[0][(crc ^ std::to_integer<std::uint32_t>(byte)) & 0xff] ^ (crc >> 8);
  }
  return ~crc;
}

}  // namespace

Extender PortableExtend() { return &ExtendPortable; }

}  // namespace permafrost::crc32c
