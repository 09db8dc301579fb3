#include "plan/gather.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "text.h"

namespace permafrost {
namespace {

// All pieces of a tensor are open at once, and together they hold no more than this if they are not very many.
constexpr std::size_t kMostHeld = std::size_t{16} * 1024 * 1024;
constexpr std::size_t kSmallestBlock = std::size_t{4} * 1024;

std::size_t BlockSizeFor(std::size_t pieces) {
  const std::size_t share = std::bit_floor(kMostHeld / std::max<std::size_t>(pieces, 1));
  return std::clamp(share, kSmallestBlock, kBlockSize);
}

// Gathers what is short into blocks; the taker should not be called for each element.
class BlockBuffer {
 public:
  explicit BlockBuffer(const ByteSink& take) : take_(take) {}

  Status Add(std::span<const std::byte> bytes) {
    if (buffer_.size() + bytes.size() > kBlockSize) {
      if (Status status = Flush(); !status.ok()) return status;
    }
    if (bytes.size() == kBlockSize) return take_(bytes);
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
    return {};
  }

  Status Flush() {
    if (buffer_.empty()) return {};
    Status status = take_(buffer_);
    buffer_.clear();
    return status;
  }

 private:
  const ByteSink& take_;
  std::vector<std::byte> buffer_;
};

}  // namespace

std::string NameOf(const TensorEntry& entry) { return "tensor " + Quoted(entry.key); }

Result<Gather> Gather::Open(const Checkpoint& checkpoint, const TensorEntry& entry, const Region& region,
                            Checksum checksum, const Stop& stop) {
  const std::string name = NameOf(entry);
  const Region whole = WholeRegion(entry.shape);
  const auto wanted = region.empty() ? whole : RegionOf(region, entry.shape);
  if (!wanted) {
    return Status(StatusCode::kCheckpointMalformed,
                  "no such part (" + SliceText(region) + " of " + SliceText(whole) + "): " + name);
  }
  Gather gather;
  gather.elements_ = ElementsOf(*wanted);
  gather.strings_ = entry.dtype == DataType::kString;
  std::vector<Region> pieces;
  const auto wanted_slices = static_cast<std::size_t>(
      std::ranges::count_if(entry.slices, [&](const TensorSlice& slice) { return Intersect(slice.region, *wanted); }));
  const std::size_t block_size = BlockSizeFor(wanted_slices);
  const auto open = [&](const StoredPiece& piece, const Region& held, const std::string& about) -> Status {
    auto reader =
        PieceReader::Open(checkpoint, piece, entry.dtype, ElementsOf(held), checksum, block_size, about, stop);
    if (!reader.ok()) return reader.status();
    gather.readers_.push_back(std::move(reader).value());
    pieces.push_back(held);
    return {};
  };
  if (entry.slices.empty()) {
    if (Status status = open(entry, whole, name); !status.ok()) return status;
  }
  for (const TensorSlice& slice : entry.slices) {
    if (!Intersect(slice.region, *wanted)) continue;
    Status status = open(slice, slice.region, "slice " + SliceText(slice.region) + " of " + name);
    if (!status.ok()) return status;
  }
  if (gather.elements_ > 0) {
    auto tiling =
        Tiling::Of(*wanted, std::move(pieces), name + " in " + checkpoint.prefix(), {checkpoint.stop(), stop});
    if (!tiling.ok()) return tiling.status();
    gather.tiling_ = std::move(tiling).value();
  }
  return gather;
}

Run Gather::Advance(std::uint64_t count) {
  if (run_.count == 0) run_ = tiling_->Next(place_).value();
  const Run next{run_.piece, run_.first, std::min(count, run_.count)};
  run_.first += next.count;
  run_.count -= next.count;
  return next;
}

Status Gather::Read(std::uint64_t count, const ByteSink& take) {
  if (count == 0) return {};
  BlockBuffer buffer(take);
  const ByteSink add = [&](std::span<const std::byte> bytes) { return buffer.Add(bytes); };
  // A single run comes in blocks already, except for strings.
  const ByteSink& sink = tiling_->is_one_run() && !strings_ ? take : add;
  while (count > 0) {
    const Run next = Advance(count);
    if (Status status = readers_[next.piece]->Read(next.first, next.count, sink); !status.ok()) return status;
    count -= next.count;
  }
  return buffer.Flush();
}

std::uint64_t Gather::Skip(std::uint64_t count) { return Advance(count).count; }

Status Gather::Finish() {
  for (const auto& reader : readers_) {
    if (Status status = reader->Finish(); !status.ok()) return status;
  }
  return {};
}

Status Gather::ForEachBlock(const ByteSink& take) {
  Status status = Read(elements_, take);
  return status.ok() ? Finish() : status;
}

}  // namespace permafrost
