// The index of a bundle, decoded and checked.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/byte_source.h"
#include "status.h"
#include "stop.h"
#include "tensor/tensor_entry.h"

namespace permafrost {

struct BundleIndex {
  bool big_endian = false;
  std::uint32_t num_shards = 0;
  std::vector<TensorEntry> entries;  // in key order; slice records are in the entries that they belong to
};

// Reads the whole of an index file. What comes back can be trusted: shapes fit sizes, sums do not overflow, shard
// numbers are in range. Only whether the shards are long enough is not known yet. `path` is for messages.
Result<BundleIndex> ReadBundleIndex(const ByteSource& file, const std::string& path, const Stop& stop = {});

}  // namespace permafrost
