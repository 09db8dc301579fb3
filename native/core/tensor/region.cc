#include "tensor/region.h"

#include <algorithm>

namespace permafrost {

Region WholeRegion(std::span<const std::int64_t> shape) {
  Region region;
  for (const std::int64_t size : shape) region.push_back({0, size});
  return region;
}

std::optional<Region> RegionOf(std::span<const Extent> extents, std::span<const std::int64_t> shape) {
  if (extents.size() != shape.size()) return std::nullopt;
  Region region = WholeRegion(shape);
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    const Extent& extent = extents[axis];
    const std::int64_t size = shape[axis];
    if (extent.start < 0 || extent.start > size || extent.length > size - extent.start) return std::nullopt;
    if (extent.length >= 0) {
      region[axis] = extent;
    } else if (extent.start != 0) {
      return std::nullopt;
    }
  }
  return region;
}

std::uint64_t ElementsOf(const Region& region) {
  std::uint64_t elements = 1;
  for (const Extent& extent : region) elements *= static_cast<std::uint64_t>(extent.length);
  return elements;
}

bool Intersect(const Region& a, const Region& b) {
  for (std::size_t axis = 0; axis < a.size(); ++axis) {
    if (std::max(a[axis].start, b[axis].start) >= std::min(a[axis].end(), b[axis].end())) return false;
  }
  return true;
}

std::string SliceText(std::span<const Extent> extents) {
  std::string text;
  for (const Extent& extent : extents) {
    if (!text.empty()) text += ':';
    text += extent.length < 0 ? "-" : std::to_string(extent.start) + "," + std::to_string(extent.length);
  }
  return text;
}

}  // namespace permafrost
