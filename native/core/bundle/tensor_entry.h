// What is known of a tensor before its bytes are read.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bundle/dtype.h"

namespace permafrost {

// One tensor of the index. `offset` and `size` are bytes in the shard, both below 2^53.
struct TensorEntry {
  std::string key;  // bytes; UTF-8 for every tensor a user can name
  DataType dtype{};
  std::vector<std::int64_t> shape;
  std::uint32_t shard = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::uint32_t crc32c = 0;  // masked, over the bytes as stored
  // > 0: stored in this many slices, under keys of their own; shard, offset, size and crc32c mean nothing.
  std::uint32_t slices = 0;
};

}  // namespace permafrost
