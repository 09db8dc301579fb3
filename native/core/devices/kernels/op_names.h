// A list of ops (devices/tables/heavy.txt, free.txt): one name a line.
#pragma once

#include <string_view>
#include <unordered_set>
#include <variant>

#include "devices/kernels/op_rows.h"

namespace permafrost::devices {

using OpNames = std::unordered_set<std::string_view>;

// The names are parts of `text`, which must be good as long as they are.
std::variant<OpNames, TableFault> ReadOpNames(std::string_view text);

}  // namespace permafrost::devices
