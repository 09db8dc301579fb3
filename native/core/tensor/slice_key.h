// The keys of slice records: a tensor saved in several slices has each slice under a key of its own, which holds the
// tensor's name and the slice's extents in an encoding that sorts as they do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/region.h"

namespace permafrost {

struct SliceKey {
  std::string tensor;
  std::vector<Extent> extents;  // one for each dimension
};

// True for keys that can only be those of slice records: they begin with a zero byte.
inline bool IsSliceKey(std::string_view key) { return !key.empty() && key.front() == '\0'; }

// Nothing where the key is malformed.
std::optional<SliceKey> DecodeSliceKey(std::string_view key);

}  // namespace permafrost
