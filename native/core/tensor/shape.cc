#include "tensor/shape.h"

#include <algorithm>
#include <limits>

namespace permafrost {
namespace {

bool MultiplyInto(std::uint64_t& product, std::uint64_t factor) {
  if (factor != 0 && product > std::numeric_limits<std::uint64_t>::max() / factor) return false;
  product *= factor;
  return true;
}

}  // namespace

std::string FaultOf(const TensorShape& shape, DataType dtype, std::uint64_t& bytes) {
  if (shape.unknown_rank) return "unknown rank";
  if (shape.sizes.size() > kMostDimensions) return "more than " + std::to_string(kMostDimensions) + " dimensions";
  bytes = 1;
  for (const std::int64_t size : shape.sizes) {
    if (size < 0) return "dimension of " + std::to_string(size);
    if (!MultiplyInto(bytes, static_cast<std::uint64_t>(size))) return "too many elements";
  }
  if (!MultiplyInto(bytes, std::max<std::size_t>(ElementSize(dtype), 1)) || bytes >= kOffsetLimit) {
    return "too many elements";
  }
  return {};
}

}  // namespace permafrost
