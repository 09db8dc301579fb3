// The keys of slice records: a tensor saved in several slices has each slice under a key of its own, which holds the
// tensor's name and the slice's extents in an encoding that sorts as they do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace permafrost {

struct SliceExtent {
  std::int64_t start = 0;
  std::int64_t length = -1;  // -1: the whole dimension
};

struct SliceKey {
  std::string tensor;
  std::vector<SliceExtent> extents;  // one for each dimension
};

// True for keys that can only be those of slice records: they begin with a zero byte.
inline bool IsSliceKey(std::string_view key) { return !key.empty() && key.front() == '\0'; }

// Nothing where the key is malformed.
std::optional<SliceKey> DecodeSliceKey(std::string_view key);

// As TensorFlow writes a slice, e.g. "3,3:-": start and length for each dimension, "-" for a whole one.
std::string SliceText(const SliceKey& key);

}  // namespace permafrost
