// The protocol buffer messages in a bundle's index, decoded by hand: they are few, small and fixed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "bundle/dtype.h"
#include "bundle/region.h"

namespace permafrost {

// TensorFlow's limit. The parser drops what comes after one dimension too many: two bytes there take eight here.
inline constexpr std::size_t kMostDimensions = 254;

struct BundleHeader {
  // Set where the value is a V1 checkpoint's SavedTensorSlices instead: its first field is a message, not a number.
  bool is_v1 = false;
  std::int64_t num_shards = 0;
  std::int64_t endianness = 0;  // 0 little, 1 big
  std::int64_t min_consumer = 0;
  std::vector<std::int64_t> bad_consumers;
};

struct BundleEntry {
  DataType dtype{};
  std::vector<std::int64_t> shape;
  bool unknown_rank = false;
  std::int64_t shard = 0;
  std::int64_t offset = 0;
  std::int64_t size = 0;
  std::uint32_t crc32c = 0;                 // masked
  std::vector<std::vector<Extent>> slices;  // of a tensor that is stored in slices
};

// Nothing where the bytes are not such a message. Unknown fields are skipped; values are not judged here.
std::optional<BundleHeader> ParseBundleHeader(std::span<const std::byte> bytes);
std::optional<BundleEntry> ParseBundleEntry(std::span<const std::byte> bytes);

}  // namespace permafrost
