// An open checkpoint of either kind: a V2 checkpoint ("tensor bundle": `<prefix>.index` and its shards
// `<prefix>.data-NNNNN-of-NNNNN`), or a V1 checkpoint (tables that hold everything). Both layouts are described in
// docs/formats.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "io/input_file.h"
#include "status.h"
#include "stop.h"
#include "tensor/tensor_entry.h"

namespace permafrost {

// What the bytes of a piece are: elements as TensorFlow writes them into bundles, or a TensorProto.
enum class CheckpointFormat : std::uint8_t { kBundle, kV1 };

// Opened once, then read-only. Every method may be called from any thread.
class Checkpoint {
 public:
  // Reads and checks the whole index: table checksums, header, each entry's shape against its size, key order.
  // Shards are not touched until a tensor of theirs is asked for. `stop` ends the opening, and all reading after it.
  static Result<std::shared_ptr<const Checkpoint>> OpenBundle(const std::string& prefix, Stop stop = {});

  // Reads and checks all files, the checksums of all elements among it. `prefix` is what the checkpoint is called.
  static Result<std::shared_ptr<const Checkpoint>> OpenV1(const std::string& prefix, std::vector<std::string> files,
                                                          Stop stop = {});

  // No tensors, no files: for graphs that refer to none.
  static std::shared_ptr<const Checkpoint> Empty(Stop stop = {});

  const std::string& prefix() const { return prefix_; }
  CheckpointFormat format() const { return format_; }
  const Stop& stop() const { return stop_; }
  bool big_endian() const { return big_endian_; }
  std::uint32_t num_shards() const { return static_cast<std::uint32_t>(shard_paths_.size()); }
  const std::string& ShardPath(std::uint32_t shard) const { return shard_paths_.at(shard); }
  // In key order. Slices are in the entries of their tensors.
  std::span<const TensorEntry> entries() const { return entries_; }

  // "tensor 'w', bytes 0..8 of /models/ckpt.data-00000-of-00001", for messages.
  std::string Describe(const StoredPiece& piece, const std::string& name) const;

  // The file that a piece is in, open; null where the piece has no bytes. `name` is for messages, e.g. "tensor 'w'".
  // Fails with kShardMissing, kReadFailed, or kCheckpointMalformed where the file is too short.
  Result<std::shared_ptr<const InputFile>> ShardOf(const StoredPiece& piece, const std::string& name) const;

  // What is read from a V1 checkpoint has no checksums but those that its opening verified. Fails with kReadFailed
  // where one of its files has changed since.
  Status CheckUnchanged() const;

 private:
  Checkpoint() = default;
  Result<std::shared_ptr<const InputFile>> OpenShard(std::uint32_t shard) const;
  static std::shared_ptr<Checkpoint> Make(std::string prefix, CheckpointFormat format, Stop stop);

  std::string prefix_;
  CheckpointFormat format_ = CheckpointFormat::kBundle;
  Stop stop_;
  bool big_endian_ = false;
  std::vector<std::string> shard_paths_;
  std::vector<TensorEntry> entries_;

  std::vector<FileStamp> stamps_;  // of a V1 checkpoint, by shard number

  mutable std::mutex open_mutex_;
  mutable std::map<std::uint32_t, std::shared_ptr<const InputFile>> open_;  // a bounded number of shards
};

}  // namespace permafrost
