#include "text.h"

#include <bit>
#include <system_error>

namespace permafrost {
namespace {

constexpr std::size_t kLongestName = 256;

void AppendHex(std::string& out, std::uint32_t value, int digits) {
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
    out += "0123456789abcdef"[(value >> shift) & 0xfu];
  }
}

}  // namespace

std::string Hex32(std::uint32_t value) {
  std::string out;
  AppendHex(out, value, 8);
  return out;
}

std::string Quoted(std::string_view bytes) {
  std::string out = "'";
  for (const char c : bytes.substr(0, kLongestName)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      out += "\\x";
      AppendHex(out, byte, 2);
    } else {
      out += c;
    }
  }
  if (bytes.size() > kLongestName) out += "...";
  out += "'";
  return out;
}

std::string ByteRange(std::uint64_t begin, std::uint64_t size) {
  return "bytes " + std::to_string(begin) + ".." + std::to_string(begin + size);
}

bool IsUtf8(std::string_view bytes) {
  std::size_t i = 0;
  while (i < bytes.size()) {
    const auto first = static_cast<unsigned char>(bytes[i]);
    const int ones = std::countl_one(first);
    if (ones == 1 || ones > 4) return false;
    const std::size_t size = ones == 0 ? 1 : static_cast<std::size_t>(ones);
    if (bytes.size() - i < size) return false;
    std::uint32_t point = ones == 0 ? first : first & (0x7fu >> ones);
    for (std::size_t k = 1; k < size; ++k) {
      const auto next = static_cast<unsigned char>(bytes[i + k]);
      if ((next & 0xc0) != 0x80) return false;
      point = (point << 6) | (next & 0x3fu);
    }
    // By how many bytes it took: the least that needs so many.
    constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
    if (point < kLeast[size] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return false;
    i += size;
  }
  return true;
}

std::string ErrnoText(int error) { return std::generic_category().message(error); }

}  // namespace permafrost
