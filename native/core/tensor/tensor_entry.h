// What is known of a tensor before its bytes are read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/dtype.h"
#include "tensor/region.h"

namespace permafrost {

// Bytes of a shard. `offset` and `size` are both below 2^53.
struct StoredPiece {
  std::uint32_t shard = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::uint32_t crc32c = 0;  // masked, over the bytes as stored
};

// A part of a tensor that has bytes of its own.
struct TensorSlice : StoredPiece {
  Region region;
};

// One tensor of the index.
struct TensorEntry : StoredPiece {
  std::string key;  // UTF-8
  DataType dtype{};
  std::vector<std::int64_t> shape;
  // Not empty: the tensor is stored as these, in no particular order, and has no piece of its own: shard, offset and
  // crc32c mean nothing, and size is that of all slices. Each is within the shape; whether they tile it is not known.
  std::vector<TensorSlice> slices;
};

// What an entry of an index takes in memory: here, and with those who list it or say that it is damaged.
inline std::uint64_t CostOfEntry(std::string_view name, std::size_t dimensions, std::span<const Region> slices) {
  std::uint64_t cost = 256 + name.size() + dimensions * sizeof(std::int64_t);
  for (const Region& slice : slices) cost += sizeof(TensorSlice) + slice.size() * sizeof(Extent);
  return cost;
}

}  // namespace permafrost
