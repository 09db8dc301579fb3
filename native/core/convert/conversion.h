// The changes of type that stored elements can go through on their way into the output.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "tensor/dtype.h"

namespace permafrost {

struct Conversion {
  DataType from{};
  DataType to{};
  // Little-endian elements in and out, in memory of any alignment; `out` has room for as many as `in` has. Returns how
  // many numbers the new type has no place for: finite ones that became infinite, integers that lost their upper bits.
  std::uint64_t (*convert)(std::span<const std::byte> in, std::span<std::byte> out) = nullptr;
};

// Null where there is no such conversion.
const Conversion* FindConversion(DataType from, DataType to);

}  // namespace permafrost
