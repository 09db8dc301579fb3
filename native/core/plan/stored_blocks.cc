#include "plan/stored_blocks.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace permafrost {

Status ForEachStoredBlock(const Checkpoint& checkpoint, const StoredPiece& piece, const std::string& name,
                          std::uint64_t begin, std::uint64_t end, const ByteSink& take) {
  if (begin == end) return {};
  const auto shard = checkpoint.ShardOf(piece, name);
  if (!shard.ok()) return shard.status();
  std::vector<std::byte> block;
  for (std::uint64_t at = begin; at < end; at += block.size()) {
    block.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kBlockSize, end - at)));
    if (Status status = shard.value()->ReadAt(piece.offset + at, block); !status.ok()) return status;
    if (Status status = take(block); !status.ok()) return status;
  }
  return {};
}

}  // namespace permafrost
