// The shape of a tensor as a file gives it, not yet to be believed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tensor/dtype.h"

namespace permafrost {

// TensorFlow's limit.
inline constexpr std::size_t kMostDimensions = 254;

// Offsets and sizes become JavaScript numbers.
inline constexpr std::uint64_t kOffsetLimit = std::uint64_t{1} << 53;

struct TensorShape {
  std::vector<std::int64_t> sizes;
  bool unknown_rank = false;
};

// Why no tensor of that type can have the shape, or nothing; then `bytes` is what its elements take, below
// kOffsetLimit. Elements without a fixed size count as one byte.
std::string FaultOf(const TensorShape& shape, DataType dtype, std::uint64_t& bytes);

}  // namespace permafrost
