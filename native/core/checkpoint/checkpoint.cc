#include "checkpoint/checkpoint.h"

#include <array>
#include <cstdio>
#include <utility>

#include "bundle/index.h"
#include "text.h"
#include "v1/v1_index.h"

namespace permafrost {
namespace {

// A process may have few files open, and a checkpoint has up to 100,000.
constexpr std::size_t kMostOpenShards = 64;

std::string ShardName(std::uint32_t shard, std::uint32_t num_shards) {
  std::array<char, 48> suffix{};
  static_cast<void>(std::snprintf(suffix.data(), suffix.size(), ".data-%05u-of-%05u", shard, num_shards));
  return suffix.data();
}

// Borrows the file.
ByteSource SourceOf(const InputFile& file) {
  return {[&file](std::uint64_t offset, std::span<std::byte> bytes) { return file.ReadAt(offset, bytes); },
          file.size()};
}

}  // namespace

Result<std::shared_ptr<const Checkpoint>> Checkpoint::OpenBundle(const std::string& prefix, Stop stop) {
  const std::string path = prefix + ".index";
  const auto file = InputFile::Open(path, {StatusCode::kCheckpointNotFound, "checkpoint not found"}, stop);
  if (!file.ok()) return file.status();
  auto index = ReadBundleIndex(SourceOf(file.value()), path, stop);
  if (!index.ok()) return index.status();

  const auto checkpoint = Make(prefix, CheckpointFormat::kBundle, std::move(stop));
  const std::uint32_t num_shards = index.value().num_shards;
  for (std::uint32_t i = 0; i < num_shards; ++i) checkpoint->shard_paths_.push_back(prefix + ShardName(i, num_shards));
  checkpoint->big_endian_ = index.value().big_endian;
  checkpoint->entries_ = std::move(index.value().entries);
  return std::shared_ptr<const Checkpoint>(checkpoint);
}

Result<std::shared_ptr<const Checkpoint>> Checkpoint::OpenV1(const std::string& prefix, std::vector<std::string> files,
                                                             Stop stop) {
  const auto checkpoint = Make(prefix, CheckpointFormat::kV1, std::move(stop));
  V1Index index;
  for (const std::string& path : files) {
    const MissingFile missing{StatusCode::kShardMissing, "file of a V1 checkpoint missing"};
    const auto file = InputFile::Open(path, missing, checkpoint->stop());
    if (!file.ok()) return file.status();
    Status status = index.AddFile(SourceOf(file.value()), path, checkpoint->stop());
    // As it was before it was read.
    if (status.ok()) status = file.value().CheckUnchanged(file.value().stamp());
    if (!status.ok()) return status;
    checkpoint->stamps_.push_back(file.value().stamp());
  }
  checkpoint->shard_paths_ = std::move(files);
  checkpoint->entries_ = index.TakeEntries();
  return std::shared_ptr<const Checkpoint>(checkpoint);
}

std::shared_ptr<const Checkpoint> Checkpoint::Empty(Stop stop) {
  return Make("", CheckpointFormat::kBundle, std::move(stop));
}

std::shared_ptr<Checkpoint> Checkpoint::Make(std::string prefix, CheckpointFormat format, Stop stop) {
  // Gives std::make_shared a constructor that it may call.
  struct Constructible : Checkpoint {};
  const auto checkpoint = std::make_shared<Constructible>();
  checkpoint->prefix_ = std::move(prefix);
  checkpoint->format_ = format;
  checkpoint->stop_ = std::move(stop);
  return checkpoint;
}

std::string Checkpoint::Describe(const StoredPiece& piece, const std::string& name) const {
  return name + ", " + ByteRange(piece.offset, piece.size) + " of " + ShardPath(piece.shard);
}

Result<std::shared_ptr<const InputFile>> Checkpoint::ShardOf(const StoredPiece& piece, const std::string& name) const {
  if (piece.size == 0) return std::shared_ptr<const InputFile>();
  auto opened = OpenShard(piece.shard);
  if (!opened.ok()) return Status(opened.status().code(), opened.status().message() + ", needed for " + name);
  const auto& shard = opened.value();
  if (piece.offset > shard->size() || piece.size > shard->size() - piece.offset) {
    return Status(StatusCode::kCheckpointMalformed, "shard too short (" + std::to_string(shard->size()) + " bytes, " +
                                                        name + " needs " + ByteRange(piece.offset, piece.size) +
                                                        "): " + shard->path());
  }
  return shard;
}

Result<std::shared_ptr<const InputFile>> Checkpoint::OpenShard(std::uint32_t shard) const {
  const std::lock_guard lock(open_mutex_);
  if (const auto known = open_.find(shard); known != open_.end()) return known->second;
  auto opened = InputFile::Open(ShardPath(shard), {StatusCode::kShardMissing, "shard missing"}, stop_);
  if (!opened.ok()) return opened.status();
  if (!stamps_.empty()) {
    if (Status status = opened.value().CheckUnchanged(stamps_.at(shard)); !status.ok()) return status;
  }
  auto file = std::make_shared<const InputFile>(std::move(opened).value());
  // Whoever uses it still holds it.
  if (open_.size() >= kMostOpenShards) open_.erase(open_.begin());
  open_.emplace(shard, file);
  return file;
}

Status Checkpoint::CheckUnchanged() const {
  for (std::uint32_t shard = 0; shard < stamps_.size(); ++shard) {
    const auto file = OpenShard(shard);
    if (!file.ok()) return file.status();
    if (Status status = file.value()->CheckUnchanged(stamps_[shard]); !status.ok()) return status;
  }
  return {};
}

}  // namespace permafrost
