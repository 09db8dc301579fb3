// A box of a tensor's elements.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace permafrost {

struct Extent {
  std::int64_t start = 0;
  std::int64_t length = -1;  // -1: the whole dimension; never so in a Region

  std::int64_t end() const { return start + length; }
  bool operator==(const Extent&) const = default;
};

// One extent for each dimension, each with a length.
using Region = std::vector<Extent>;

Region WholeRegion(std::span<const std::int64_t> shape);

// Nothing where there is not one extent for each dimension, or one of them is not within its dimension.
std::optional<Region> RegionOf(std::span<const Extent> extents, std::span<const std::int64_t> shape);

// 1 for the region of a scalar.
std::uint64_t ElementsOf(const Region& region);

// Whether the two have an element in common.
bool Intersect(const Region& a, const Region& b);

// As TensorFlow writes a slice, e.g. "3,3:-": start and length for each dimension, "-" for a whole one.
std::string SliceText(std::span<const Extent> extents);

}  // namespace permafrost
