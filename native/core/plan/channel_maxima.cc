#include "plan/channel_maxima.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <mutex>

#include "plan/crew.h"
#include "plan/gather.h"
#include "plan/work.h"

namespace permafrost {
namespace {

class Finder {
 public:
  Finder(const Checkpoint& checkpoint, std::span<const ChannelledTensor> tensors)
      : checkpoint_(checkpoint), tensors_(tensors) {}

  // Finds the tensors' elements and cuts the work into pieces.
  Status Prepare() {
    for (std::size_t i = 0; i < tensors_.size(); ++i) {
      const auto& [part, channels] = tensors_[i];
      const PayloadForm form(PayloadEncoding::kInt8, {std::vector<float>(channels.count), channels.run});
      const auto elements = PayloadSize(checkpoint_, part, form);
      if (!elements.ok()) return elements.status();
      maxima_.emplace_back(channels.count);
      const std::uint64_t size = elements.value() * sizeof(float);
      size_ += size;
      const std::uint64_t step = IsDivisible(checkpoint_, part, PayloadEncoding::kRaw) ? kTaskSize : size;
      for (std::uint64_t begin = 0; begin < size; begin += step) {
        pieces_.push_back({i, begin, std::min(size, begin + step)});
      }
    }
    return {};
  }

  Status FindAll(unsigned threads) {
    return ForEachJob(pieces_.size(), ThreadsFor(size_, threads),
                      [this](std::size_t index) { return Find(pieces_[index]); });
  }

  std::vector<std::vector<float>> maxima() const {
    std::vector<std::vector<float>> all;
    for (const auto& each : maxima_) {
      std::ranges::transform(each, std::back_inserter(all.emplace_back()),
                             [](std::uint32_t bits) { return std::bit_cast<float>(bits); });
    }
    return all;
  }

 private:
  // Bytes of a tensor; of one that cannot be cut, all of them.
  struct Piece {
    std::size_t tensor = 0;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
  };

  Status Find(const Piece& piece) {
    const auto& [part, channels] = tensors_[piece.tensor];
    const TensorEntry& entry = checkpoint_.entries()[part.entry];
    ChannelMaxima found(channels, piece.begin / sizeof(float));
    Encoder in_order(checkpoint_, entry, PayloadEncoding::kRaw);
    const ByteSink take = [&](std::span<const std::byte> stored) -> Status {
      // What a V1 checkpoint has is mapped, and not read.
      if (Status status = checkpoint_.stop().Check(); !status.ok()) return status;
      found.Take(in_order.Encode(stored));
      return {};
    };
    Status status = IsDivisible(checkpoint_, part, PayloadEncoding::kRaw) ? ReadPiece(entry, piece, take)
                                                                          : ReadWhole(entry, part.region, take);
    if (!status.ok()) return status;
    const std::lock_guard lock(mutex_);
    found.RaiseInto(maxima_[piece.tensor]);
    return {};
  }

  Status ReadPiece(const TensorEntry& entry, const Piece& piece, const ByteSink& take) const {
    const auto shard = checkpoint_.ShardOf(entry, NameOf(entry));
    if (!shard.ok()) return shard.status();
    std::vector<std::byte> block;
    for (std::uint64_t at = piece.begin; at < piece.end; at += block.size()) {
      block.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kBlockSize, piece.end - at)));
      if (Status status = shard.value()->ReadAt(entry.offset + at, block); !status.ok()) return status;
      if (Status status = take(block); !status.ok()) return status;
    }
    return {};
  }

  Status ReadWhole(const TensorEntry& entry, const Region& region, const ByteSink& take) const {
    auto gather = Gather::Open(checkpoint_, entry, region, Checksum::kIgnore);
    return gather.ok() ? gather.value().ForEachBlock(take) : gather.status();
  }

  const Checkpoint& checkpoint_;
  std::span<const ChannelledTensor> tensors_;
  std::vector<Piece> pieces_;
  std::uint64_t size_ = 0;  // of all pieces
  std::mutex mutex_;
  std::vector<std::vector<std::uint32_t>> maxima_;  // by tensor
};

}  // namespace

Result<std::vector<std::vector<float>>> FindChannelMaxima(const Checkpoint& checkpoint,
                                                          std::span<const ChannelledTensor> tensors, unsigned threads) {
  Finder finder(checkpoint, tensors);
  if (Status status = finder.Prepare(); !status.ok()) return status;
  if (Status status = finder.FindAll(threads); !status.ok()) return status;
  return finder.maxima();
}

}  // namespace permafrost
