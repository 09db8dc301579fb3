// A TensorFlow V2 checkpoint ("tensor bundle"): `<prefix>.index` and its `<prefix>.data-NNNNN-of-NNNNN` shards.
// The layout is described in docs/formats.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "bundle/tensor_entry.h"
#include "io/mapped_file.h"
#include "status.h"

namespace permafrost {

// Opened once, then read-only. Every method may be called from any thread.
class TensorBundle {
 public:
  // Reads and checks the whole index: table checksums, header, each entry's shape against its size, key order.
  // Shards are not touched until a tensor of theirs is asked for.
  static Result<std::shared_ptr<const TensorBundle>> Open(const std::string& prefix);

  // No tensors, no files: for graphs that refer to none.
  static std::shared_ptr<const TensorBundle> Empty();

  const std::string& prefix() const { return prefix_; }
  bool big_endian() const { return big_endian_; }
  std::uint32_t num_shards() const { return num_shards_; }
  // In key order. Slices are in the entries of their tensors.
  std::span<const TensorEntry> entries() const { return entries_; }

  // The bytes of a tensor or of a slice as stored, borrowed from the mapped shard: they live as long as the bundle.
  // `name` is for messages, e.g. "tensor 'w'".
  // The checksum is not verified here. Fails with kShardMissing, kReadFailed, or kCheckpointMalformed where the
  // shard is too short.
  Result<std::span<const std::byte>> Stored(const StoredPiece& piece, const std::string& name) const;

  std::string ShardPath(std::uint32_t shard) const;

 private:
  TensorBundle() = default;
  static std::shared_ptr<TensorBundle> Make();

  std::string prefix_;
  bool big_endian_ = false;
  std::uint32_t num_shards_ = 0;
  std::vector<TensorEntry> entries_;

  mutable std::mutex shards_mutex_;
  mutable std::vector<std::unique_ptr<MappedFile>> shards_;  // by shard number; null until first use
};

}  // namespace permafrost
