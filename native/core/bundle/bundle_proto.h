// The protocol buffer messages that only a bundle's index has.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "proto/messages.h"
#include "tensor/dtype.h"

namespace permafrost {

struct BundleHeader {
  std::int64_t num_shards = 0;
  std::int64_t endianness = 0;  // 0 little, 1 big
  Versions versions;
};

struct BundleEntry {
  DataType dtype{};
  TensorShape shape;
  std::int64_t shard = 0;
  std::int64_t offset = 0;
  std::int64_t size = 0;
  std::uint32_t crc32c = 0;                 // masked
  std::vector<std::vector<Extent>> slices;  // of a tensor that is stored in slices; each has extents
};

// Nothing where the bytes are not such a message. Unknown fields are skipped; values are not judged here.
std::optional<BundleHeader> ParseBundleHeader(std::span<const std::byte> bytes);
// Slices that take more memory than `slice_budget` are cut off behind it.
std::optional<BundleEntry> ParseBundleEntry(std::span<const std::byte> bytes, std::uint64_t slice_budget);

}  // namespace permafrost
