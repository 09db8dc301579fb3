#include "plan/channel_maxima.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <deque>
#include <limits>
#include <mutex>

#include "plan/crew.h"
#include "plan/gather.h"
#include "plan/stored_blocks.h"
#include "plan/work.h"

namespace permafrost {
namespace {

// A tensor's maxima, of all blocks of channels, that several threads raise.
struct SharedMaxima {
  explicit SharedMaxima(std::uint64_t count) : bits(static_cast<std::size_t>(count)) {}

  std::mutex mutex;
  std::vector<std::uint32_t> bits;
};

// Raises them by neighbouring elements, block by block.
class BlockMaxima {
 public:
  // `first` is the number of the first element in the tensor.
  BlockMaxima(const Channels& channels, std::uint64_t first, SharedMaxima& all)
      : channels_(channels),
        size_(channels.block == 0 ? std::numeric_limits<std::uint64_t>::max() : channels.block),
        block_(first / size_),
        next_(first % size_),
        maxima_(channels, next_),
        all_(all) {}

  void Take(std::span<const std::byte> elements) {
    while (elements.size() / sizeof(float) > size_ - next_) {
      const auto left = static_cast<std::size_t>(size_ - next_);
      maxima_.Take(elements.first(left * sizeof(float)));
      elements = elements.subspan(left * sizeof(float));
      Finish();
      ++block_;
      next_ = 0;
      maxima_ = ChannelMaxima(channels_, next_);
    }
    maxima_.Take(elements);
    next_ += elements.size() / sizeof(float);
  }

  // When all elements that there are, or all of a block, are taken.
  void Finish() {
    const auto count = static_cast<std::size_t>(channels_.count);
    const std::lock_guard lock(all_.mutex);
    maxima_.RaiseInto(std::span(all_.bits).subspan(static_cast<std::size_t>(block_) * count, count));
  }

 private:
  Channels channels_;
  std::uint64_t size_;   // of a block
  std::uint64_t block_;  // its number
  std::uint64_t next_;   // in the block
  ChannelMaxima maxima_;
  SharedMaxima& all_;
};

class Finder {
 public:
  Finder(const Checkpoint& checkpoint, std::span<const ChannelledTensor> tensors)
      : checkpoint_(checkpoint), tensors_(tensors) {}

  // Finds the tensors' elements and cuts the work into pieces.
  Status Prepare() {
    for (std::size_t i = 0; i < tensors_.size(); ++i) {
      const auto& [part, channels, form] = tensors_[i];
      const auto elements = ChannelledElements(checkpoint_, part, form, channels);
      if (!elements.ok()) return elements.status();
      maxima_.emplace_back(channels.CountIn(elements.value()));
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
      std::ranges::transform(each.bits, std::back_inserter(all.emplace_back()),
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
    const auto& [part, channels, form] = tensors_[piece.tensor];
    const TensorEntry& entry = checkpoint_.entries()[part.entry];
    BlockMaxima found(channels, piece.begin / sizeof(float), maxima_[piece.tensor]);
    Encoder in_order(checkpoint_, entry, form, piece.begin / sizeof(float));
    const ByteSink take = [&](std::span<const std::byte> stored) -> Status {
      found.Take(in_order.Encode(stored));
      return {};
    };
    Status status = IsDivisible(checkpoint_, part, PayloadEncoding::kRaw)
                        ? ForEachStoredBlock(checkpoint_, entry, NameOf(entry), piece.begin, piece.end, take)
                        : ReadWhole(entry, part.region, take);
    if (status.ok()) found.Finish();
    return status;
  }

  Status ReadWhole(const TensorEntry& entry, const Region& region, const ByteSink& take) const {
    auto gather = Gather::Open(checkpoint_, entry, region, Checksum::kIgnore);
    return gather.ok() ? gather.value().ForEachBlock(take) : gather.status();
  }

  const Checkpoint& checkpoint_;
  std::span<const ChannelledTensor> tensors_;
  std::vector<Piece> pieces_;
  std::uint64_t size_ = 0;           // of all pieces
  std::deque<SharedMaxima> maxima_;  // by tensor
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
