// The protocol buffer messages that the indexes of both kinds of checkpoint are made of, decoded by hand: they are few,
// small and fixed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "tensor/region.h"
#include "tensor/shape.h"

namespace permafrost {

// VersionDef, without the producer: it has never mattered.
struct Versions {
  std::int64_t min_consumer = 0;
  std::vector<std::int64_t> bad_consumers;

  // Why a reader of `version` must not read the file, or nothing.
  std::string FaultOf(std::int64_t version) const;
};

// Each adds what the bytes say; false where they are no such message. Unknown fields are skipped, values not judged.
bool ParseVersions(std::span<const std::byte> bytes, Versions& versions);
bool ParseShape(std::span<const std::byte> bytes, TensorShape& shape);
// TensorSliceProto. An extent without a length is the whole dimension.
bool ParseSlice(std::span<const std::byte> bytes, std::vector<Extent>& extents);
// Adds a slice and takes from the budget what it takes in memory. What comes after the budget is used up is dropped.
bool AddSlice(std::span<const std::byte> bytes, std::vector<std::vector<Extent>>& slices, std::uint64_t& budget);

}  // namespace permafrost
