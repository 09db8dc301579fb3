#include "devices/kernels/table_lines.h"

#include <utility>

namespace permafrost::devices {
namespace {

// A checkout may have put carriage returns before the line feeds.
constexpr std::string_view kSpaces = " \t\r";

std::vector<std::string_view> WordsOf(std::string_view line) {
  std::vector<std::string_view> words;
  std::size_t begin = line.find_first_not_of(kSpaces);
  while (begin != std::string_view::npos) {
    const std::size_t end = line.find_first_of(kSpaces, begin);
    words.push_back(line.substr(begin, end - begin));
    begin = line.find_first_not_of(kSpaces, end);
  }
  return words;
}

}  // namespace

std::vector<TableLine> LinesOf(std::string_view text) {
  std::vector<TableLine> lines;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(line.size() == text.size() ? line.size() : line.size() + 1);
    std::vector<std::string_view> words = WordsOf(line);
    if (!words.empty() && words.front().front() != '#') lines.push_back({number, std::move(words)});
  }
  return lines;
}

}  // namespace permafrost::devices
