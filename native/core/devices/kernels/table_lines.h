// The lines of the texts in devices/tables that say something.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace permafrost::devices {

struct TableLine {
  std::size_t number = 0;               // from 1
  std::vector<std::string_view> words;  // one at least
};

// All lines but empty ones and comments, which begin with `#`. The words are parts of `text`.
std::vector<TableLine> LinesOf(std::string_view text);

}  // namespace permafrost::devices
