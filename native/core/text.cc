#include "text.h"

#include <algorithm>
#include <bit>
#include <system_error>

namespace permafrost {
namespace {

constexpr std::size_t kLongestName = 256;  // as it is printed

void AppendHex(std::string& out, std::uint32_t value, int digits) {
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
    out += "0123456789abcdef"[(value >> shift) & 0xfu];
  }
}

// Bytes of the character at the beginning, of which there is one, or 0 where it is none of UTF-8.
std::size_t CharacterSize(std::string_view bytes) {
  const auto first = static_cast<unsigned char>(bytes[0]);
  const int ones = std::countl_one(first);
  if (ones == 1 || ones > 4) return 0;
  const std::size_t size = ones == 0 ? 1 : static_cast<std::size_t>(ones);
  if (bytes.size() < size) return 0;
  std::uint32_t point = ones == 0 ? first : first & (0x7fu >> ones);
  for (std::size_t k = 1; k < size; ++k) {
    const auto next = static_cast<unsigned char>(bytes[k]);
    if ((next & 0xc0) != 0x80) return 0;
    point = (point << 6) | (next & 0x3fu);
  }
  // By how many bytes it took: the least that needs so many.
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (point < kLeast[size] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return 0;
  return size;
}

// C0, DEL, and C1, whose characters are c2 and the byte of their number.
bool IsControl(std::string_view character) {
  const auto last = static_cast<unsigned char>(character.back());
  if (character.size() == 1) return last < 0x20 || last == 0x7f;
  return character.size() == 2 && character.front() == '\xc2' && last < 0xa0;
}

}  // namespace

std::string Hex32(std::uint32_t value) {
  std::string out;
  AppendHex(out, value, 8);
  return out;
}

std::string Quoted(std::string_view bytes) {
  std::string out = "'";
  std::size_t at = 0;
  while (at < bytes.size() && out.size() <= kLongestName) {
    const std::size_t size = CharacterSize(bytes.substr(at));
    const std::string_view character = bytes.substr(at, std::max<std::size_t>(size, 1));
    if (size == 0 || IsControl(character)) {
      out += "\\x";
      AppendHex(out, static_cast<unsigned char>(character.back()), 2);
    } else {
      out += character;
    }
    at += character.size();
  }
  if (at < bytes.size()) out += "...";
  out += "'";
  return out;
}

std::string ByteRange(std::uint64_t begin, std::uint64_t size) {
  return "bytes " + std::to_string(begin) + ".." + std::to_string(begin + size);
}

bool IsUtf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t size = CharacterSize(bytes);
    if (size == 0) return false;
    bytes.remove_prefix(size);
  }
  return true;
}

std::string ErrnoText(int error) { return std::generic_category().message(error); }

}  // namespace permafrost
