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

}  // namespace

Result<std::shared_ptr<const Checkpoint>> Checkpoint::OpenBundle(const std::string& prefix, Stop stop) {
  const std::string path = prefix + ".index";
  const auto file = MappedFile::Open(path, {StatusCode::kCheckpointNotFound, "checkpoint not found"});
  if (!file.ok()) return file.status();
  auto index = ReadBundleIndex(file.value().bytes(), path, stop);
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
    auto file = MappedFile::Open(path, {StatusCode::kShardMissing, "file of a V1 checkpoint missing"});
    if (!file.ok()) return file.status();
    if (Status status = index.AddFile(file.value().bytes(), path, checkpoint->stop()); !status.ok()) return status;
    checkpoint->tables_.push_back(std::move(file).value());
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
  std::shared_ptr<const InputFile> shard;
  if (piece.size == 0) return shard;
  {
    const std::lock_guard lock(open_mutex_);
    if (const auto known = open_.find(piece.shard); known != open_.end()) {
      shard = known->second;
    } else {
      auto file = InputFile::Open(ShardPath(piece.shard), {StatusCode::kShardMissing, "shard missing"}, stop_);
      if (!file.ok()) return Status(file.status().code(), file.status().message() + ", needed for " + name);
      shard = std::make_shared<const InputFile>(std::move(file).value());
      // Whoever uses it still holds it.
      if (open_.size() >= kMostOpenShards) open_.erase(open_.begin());
      open_.emplace(piece.shard, shard);
    }
  }
  if (piece.offset > shard->size() || piece.size > shard->size() - piece.offset) {
    return Status(StatusCode::kCheckpointMalformed, "shard too short (" + std::to_string(shard->size()) + " bytes, " +
                                                        name + " needs " + ByteRange(piece.offset, piece.size) +
                                                        "): " + shard->path());
  }
  return shard;
}

std::span<const std::byte> Checkpoint::Mapped(const StoredPiece& piece) const {
  return tables_.at(piece.shard)
      .bytes()
      .subspan(static_cast<std::size_t>(piece.offset), static_cast<std::size_t>(piece.size));
}

}  // namespace permafrost
