#include "devices/device_string.h"

#include <algorithm>
#include <string>

namespace permafrost::devices {
namespace {

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool IsNumber(std::string_view text) { return !text.empty() && std::ranges::all_of(text, IsDigit); }

// Cuts a part as "/task:2" off the front, if it is there. False: it is, and has no value of that kind.
template <typename IsValue>
bool Skip(std::string_view& text, std::string_view key, IsValue is_value) {
  if (!text.starts_with(key)) return true;
  text.remove_prefix(key.size());
  const std::string_view value = text.substr(0, text.find('/'));
  text.remove_prefix(value.size());
  return is_value(value);
}

}  // namespace

bool IsDeviceWord(std::string_view word) {
  return !word.empty() && IsLetter(word.front()) &&
         std::ranges::all_of(word, [](char c) { return IsLetter(c) || IsDigit(c) || c == '_'; });
}

bool NamesDevice(std::string_view text, std::string_view type, std::uint32_t index) {
  if (!Skip(text, "/job:", IsDeviceWord) || !Skip(text, "/replica:", IsNumber) || !Skip(text, "/task:", IsNumber)) {
    return false;
  }
  return text == "/device:" + std::string(type) + ":" + std::to_string(index);
}

}  // namespace permafrost::devices
