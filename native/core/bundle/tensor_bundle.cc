#include "bundle/tensor_bundle.h"

#include <array>
#include <cstdio>
#include <utility>

#include "bundle/index.h"
#include "table/format.h"
#include "text.h"

namespace permafrost {
namespace {

// A V1 checkpoint has no index: the file at the prefix itself is a table.
bool IsV1Checkpoint(const std::string& prefix) {
  const auto file = MappedFile::Open(prefix);
  return file.ok() && HasTableMagic(file.value().bytes());
}

}  // namespace

Result<std::shared_ptr<const TensorBundle>> TensorBundle::Open(const std::string& prefix) {
  const std::string path = prefix + ".index";
  const auto file = MappedFile::Open(path, {StatusCode::kCheckpointNotFound, "checkpoint not found"});
  if (!file.ok()) {
    if (file.status().code() == StatusCode::kCheckpointNotFound && IsV1Checkpoint(prefix)) {
      return Status(StatusCode::kCheckpointUnsupported,
                    "unsupported checkpoint (V1 format, save it again as a V2 checkpoint): " + prefix);
    }
    return file.status();
  }
  auto index = ReadBundleIndex(file.value().bytes(), path);
  if (!index.ok()) return index.status();

  const auto bundle = Make();
  bundle->prefix_ = prefix;
  bundle->big_endian_ = index.value().big_endian;
  bundle->num_shards_ = index.value().num_shards;
  bundle->entries_ = std::move(index.value().entries);
  bundle->shards_.resize(bundle->num_shards_);
  return std::shared_ptr<const TensorBundle>(bundle);
}

std::shared_ptr<const TensorBundle> TensorBundle::Empty() { return Make(); }

std::shared_ptr<TensorBundle> TensorBundle::Make() {
  // Gives std::make_shared a constructor that it may call.
  struct Constructible : TensorBundle {};
  return std::make_shared<Constructible>();
}

Result<std::span<const std::byte>> TensorBundle::Stored(const StoredPiece& piece, const std::string& name) const {
  if (piece.size == 0) return std::span<const std::byte>();

  std::span<const std::byte> shard;
  {
    const std::lock_guard lock(shards_mutex_);
    auto& slot = shards_.at(piece.shard);
    if (slot == nullptr) {
      auto file = MappedFile::Open(ShardPath(piece.shard), {StatusCode::kShardMissing, "shard missing"});
      if (!file.ok()) return Status(file.status().code(), file.status().message() + ", needed for " + name);
      slot = std::make_unique<MappedFile>(std::move(file).value());
    }
    shard = slot->bytes();
  }
  if (piece.offset > shard.size() || piece.size > shard.size() - piece.offset) {
    return Status(StatusCode::kCheckpointMalformed, "shard too short (" + std::to_string(shard.size()) + " bytes, " +
                                                        name + " needs " + ByteRange(piece.offset, piece.size) +
                                                        "): " + ShardPath(piece.shard));
  }
  return shard.subspan(static_cast<std::size_t>(piece.offset), static_cast<std::size_t>(piece.size));
}

std::string TensorBundle::ShardPath(std::uint32_t shard) const {
  std::array<char, 48> suffix{};
  static_cast<void>(std::snprintf(suffix.data(), suffix.size(), ".data-%05u-of-%05u", shard, num_shards_));
  return prefix_ + suffix.data();
}

}  // namespace permafrost
