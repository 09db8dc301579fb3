#include "text.h"

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

std::string ErrnoText(int error) { return std::generic_category().message(error); }

}  // namespace permafrost
