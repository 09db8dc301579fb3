#include "proto/messages.h"

#include <algorithm>

#include "proto/wire.h"

namespace permafrost {
namespace {

// One byte there takes eight here.
constexpr std::size_t kMostBadConsumers = 1000;

}  // namespace

std::string Versions::FaultOf(std::int64_t version) const {
  if (min_consumer <= version && std::ranges::find(bad_consumers, version) == bad_consumers.end()) return {};
  return "made for readers of version " + std::to_string(std::max(min_consumer, version + 1)) +
         ", this one knows version " + std::to_string(version);
}

bool ParseVersions(std::span<const std::byte> bytes, Versions& versions) {
  const auto add_bad_consumer = [&](std::uint64_t version) {
    versions.bad_consumers.push_back(static_cast<std::int64_t>(version));
    return versions.bad_consumers.size() <= kMostBadConsumers;
  };
  return ForEachField(bytes, [&](const Field& field) {
    if (field.Is(2, kVarint)) versions.min_consumer = field.Signed();
    if (field.Is(3, kVarint)) return add_bad_consumer(field.value);
    if (field.Is(3, kBytes)) {
      for (ByteReader packed(field.bytes); packed.remaining() > 0;) {
        std::uint64_t value = 0;
        if (!packed.ReadVarint64(value) || !add_bad_consumer(value)) return false;
      }
    }
    return true;
  });
}

bool ParseShape(std::span<const std::byte> bytes, TensorShape& shape) {
  return ForEachField(bytes, [&](const Field& field) {
    if (field.Is(3, kVarint)) shape.unknown_rank = field.value != 0;
    // What comes after one dimension too many is dropped: two bytes there take eight here.
    if (!field.Is(2, kBytes) || shape.sizes.size() > kMostDimensions) return true;
    std::int64_t& size = shape.sizes.emplace_back(0);
    return ForEachField(field.bytes, [&](const Field& dimension) {
      if (dimension.Is(1, kVarint)) size = dimension.Signed();
      return true;
    });
  });
}

bool ParseSlice(std::span<const std::byte> bytes, std::vector<Extent>& extents) {
  return ForEachField(bytes, [&](const Field& field) {
    if (!field.Is(1, kBytes) || extents.size() > kMostDimensions) return true;
    Extent& extent = extents.emplace_back();
    return ForEachField(field.bytes, [&](const Field& part) {
      if (part.Is(1, kVarint)) extent.start = part.Signed();
      if (part.Is(2, kVarint)) extent.length = part.Signed();
      return true;
    });
  });
}

bool AddSlice(std::span<const std::byte> bytes, std::vector<std::vector<Extent>>& slices, std::uint64_t& budget) {
  if (budget == 0 && !slices.empty()) return true;
  std::vector<Extent>& extents = slices.emplace_back();
  const bool good = ParseSlice(bytes, extents);
  const std::uint64_t cost = sizeof(std::vector<Extent>) + extents.size() * sizeof(Extent);
  budget -= std::min(cost, budget);
  return good;
}

}  // namespace permafrost
