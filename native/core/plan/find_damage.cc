#include "plan/find_damage.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>

#include "crc32c/crc32c.h"
#include "pieces/running_checksum.h"
#include "plan/crew.h"
#include "plan/gather.h"
#include "plan/work.h"

namespace permafrost {
namespace {

// What one thread reads in one go: a stretch of a piece whose elements have one size, or all of a tensor.
struct Job {
  std::uint32_t entry = 0;
  const StoredPiece* piece = nullptr;  // null: all of the tensor
  std::uint64_t begin = 0;             // in the piece
  std::uint64_t end = 0;
  std::uint32_t crc = 0;  // of the stretch, when it is read
  Status status;
};

class Search {
 public:
  Search(const Checkpoint& checkpoint, SearchProgress& progress) : checkpoint_(checkpoint), progress_(progress) {}

  Status Prepare() {
    for (std::uint32_t i = 0; i < checkpoint_.entries().size(); ++i) {
      if (Status status = CheckStop(); !status.ok()) return status;
      const TensorEntry& entry = checkpoint_.entries()[i];
      if (IsOpaque(entry.dtype)) continue;
      // Whether the bytes are there, and slices are all of the tensor.
      Status status = Gather::Open(checkpoint_, entry, {}, Checksum::kIgnore).status();
      if (status.ok()) {
        Add(i, entry);
      } else {
        damage_.push_back({i, std::move(status)});
      }
    }
    return {};
  }

  Status ReadAll(unsigned threads) {
    return ForEachJob(jobs_.size(), ThreadsFor(size_, threads), [this](std::size_t index) {
      Job& job = jobs_[index];
      job.status = job.piece == nullptr ? ReadTensor(job) : ReadStretch(job);
      // Anything else is what is searched for.
      return CheckStop();
    });
  }

  // When all is read.
  std::vector<Damage> TakeDamage() {
    for (std::size_t i = 0; i < jobs_.size();) {
      const std::size_t begin = i;
      while (i < jobs_.size() && IsOfSamePiece(jobs_[begin], jobs_[i])) ++i;
      Status status = VerdictOn(std::span(jobs_).subspan(begin, i - begin));
      if (!status.ok()) damage_.push_back({jobs_[begin].entry, std::move(status)});
    }
    std::ranges::stable_sort(damage_, {}, &Damage::entry);
    const auto others = std::ranges::unique(damage_, {}, &Damage::entry);
    damage_.erase(others.begin(), others.end());
    return std::move(damage_);
  }

 private:
  Status CheckStop() const {
    Status status = progress_.stop.Check();
    return status.ok() ? checkpoint_.stop().Check() : status;
  }

  void Add(std::uint32_t index, const TensorEntry& entry) {
    size_ += entry.size;
    if (checkpoint_.format() == CheckpointFormat::kV1 || entry.dtype == DataType::kString) {
      jobs_.push_back({index, nullptr, 0, entry.size, 0, {}});
    } else if (entry.slices.empty()) {
      AddPiece(index, entry);
    } else {
      for (const TensorSlice& slice : entry.slices) AddPiece(index, slice);
    }
  }

  void AddPiece(std::uint32_t index, const StoredPiece& piece) {
    std::uint64_t begin = 0;
    do {
      const std::uint64_t end = std::min(piece.size, begin + kTaskSize);
      jobs_.push_back({index, &piece, begin, end, 0, {}});
      begin = end;
    } while (begin < piece.size);
  }

  Status ReadStretch(Job& job) {
    if (job.begin == job.end) return {};
    const auto shard = checkpoint_.ShardOf(*job.piece, NameOf(job));
    if (!shard.ok()) return shard.status();
    std::vector<std::byte> block;
    for (std::uint64_t at = job.begin; at < job.end; at += block.size()) {
      if (Status status = progress_.stop.Check(); !status.ok()) return status;
      block.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kBlockSize, job.end - at)));
      if (Status status = shard.value()->ReadAt(job.piece->offset + at, block); !status.ok()) return status;
      job.crc = crc32c::Extend(job.crc, block);
      progress_.bytes_read += block.size();
    }
    return {};
  }

  Status ReadTensor(const Job& job) {
    auto gather = Gather::Open(checkpoint_, checkpoint_.entries()[job.entry], {}, Checksum::kVerify);
    if (!gather.ok()) return gather.status();
    Status status = gather.value().ForEachBlock([this](std::span<const std::byte>) { return CheckStop(); });
    progress_.bytes_read += job.end;
    return status;
  }

  static bool IsOfSamePiece(const Job& a, const Job& b) { return a.entry == b.entry && a.piece == b.piece; }

  // On the stretches of one piece.
  Status VerdictOn(std::span<Job> stretches) const {
    std::uint32_t crc = 0;
    for (Job& job : stretches) {
      if (!job.status.ok()) return std::move(job.status);
      crc = crc32c::Combine(crc, job.crc, job.end - job.begin);
    }
    const Job& first = stretches.front();
    if (first.piece == nullptr) return {};
    return CompareChecksums(first.piece->crc32c, crc, checkpoint_.Describe(*first.piece, NameOf(first)));
  }

  std::string NameOf(const Job& job) const { return permafrost::NameOf(checkpoint_.entries()[job.entry]); }

  const Checkpoint& checkpoint_;
  SearchProgress& progress_;
  std::vector<Job> jobs_;
  std::uint64_t size_ = 0;  // of all jobs
  std::vector<Damage> damage_;
};

}  // namespace

bool IsOpaque(DataType dtype) { return ElementSize(dtype) == 0 && dtype != DataType::kString; }

Result<std::vector<Damage>> FindDamage(const Checkpoint& checkpoint, unsigned threads, SearchProgress& progress) {
  Search search(checkpoint, progress);
  if (Status status = search.Prepare(); !status.ok()) return status;
  if (Status status = search.ReadAll(threads); !status.ok()) return status;
  return search.TakeDamage();
}

}  // namespace permafrost
