#include "plan/damage_search.h"

#include <algorithm>

#include "crc32c/crc32c.h"
#include "pieces/running_checksum.h"
#include "plan/crew.h"
#include "plan/gather.h"
#include "plan/stored_blocks.h"
#include "plan/work.h"

namespace permafrost {
namespace {

// Tens of milliseconds where the files are in memory, and enough for several threads.
constexpr std::uint64_t kStepSize = 16 * kTaskSize;

}  // namespace

bool IsOpaque(DataType dtype) { return ElementSize(dtype) == 0 && dtype != DataType::kString; }

Status DamageSearch::CheckStop() const {
  Status status = stop_.Check();
  return status.ok() ? checkpoint_->stop().Check() : status;
}

Status DamageSearch::Prepare() {
  for (std::uint32_t i = 0; i < checkpoint_->entries().size(); ++i) {
    if (Status status = CheckStop(); !status.ok()) return status;
    const TensorEntry& entry = checkpoint_->entries()[i];
    if (IsOpaque(entry.dtype)) continue;
    // Whether the bytes are there, and slices are all of the tensor.
    Status status = Gather::Open(*checkpoint_, entry, {}, Checksum::kIgnore, stop_).status();
    if (status.ok()) {
      Add(i, entry);
    } else {
      damage_.push_back({i, std::move(status)});
    }
  }
  is_prepared_ = true;
  // What was asked for meanwhile is no damage.
  return CheckStop();
}

void DamageSearch::Add(std::uint32_t index, const TensorEntry& entry) {
  if (checkpoint_->format() == CheckpointFormat::kV1 || entry.dtype == DataType::kString) {
    jobs_.push_back({index, nullptr, 0, entry.size, 0, {}});
  } else if (entry.slices.empty()) {
    AddPiece(index, entry);
  } else {
    for (const TensorSlice& slice : entry.slices) AddPiece(index, slice);
  }
}

void DamageSearch::AddPiece(std::uint32_t index, const StoredPiece& piece) {
  std::uint64_t begin = 0;
  do {
    const std::uint64_t end = std::min(piece.size, begin + kTaskSize);
    jobs_.push_back({index, &piece, begin, end, 0, {}});
    begin = end;
  } while (begin < piece.size);
}

Result<bool> DamageSearch::Step(unsigned threads) {
  if (!is_prepared_) {
    Status status = Prepare();
    return status.ok() ? Result<bool>(true) : status;
  }
  const std::size_t first = next_;
  std::uint64_t size = 0;
  for (; next_ < jobs_.size() && size < kStepSize; ++next_) size += jobs_[next_].end - jobs_[next_].begin;
  Status status = ForEachJob(next_ - first, ThreadsFor(size, threads), [&](std::size_t index) {
    Job& job = jobs_[first + index];
    job.status = job.piece == nullptr ? ReadTensor(job) : ReadStretch(job);
    // Anything else is what is searched for.
    return CheckStop();
  });
  if (!status.ok()) return status;
  return next_ < jobs_.size();
}

Status DamageSearch::ReadStretch(Job& job) {
  const ByteSink take = [this, &job](std::span<const std::byte> block) {
    job.crc = crc32c::Extend(job.crc, block);
    bytes_read_ += block.size();
    return stop_.Check();
  };
  return ForEachStoredBlock(*checkpoint_, *job.piece, NameOf(job), job.begin, job.end, take);
}

Status DamageSearch::ReadTensor(const Job& job) {
  auto gather = Gather::Open(*checkpoint_, checkpoint_->entries()[job.entry], {}, Checksum::kVerify, stop_);
  if (!gather.ok()) return gather.status();
  Status status = gather.value().ForEachBlock([this](std::span<const std::byte>) { return CheckStop(); });
  bytes_read_ += job.end;
  return status.ok() ? checkpoint_->CheckUnchanged() : status;
}

std::vector<Damage> DamageSearch::TakeDamage() {
  for (std::size_t i = 0; i < jobs_.size();) {
    const std::size_t begin = i;
    const Job& first = jobs_[begin];
    while (i < jobs_.size() && jobs_[i].entry == first.entry && jobs_[i].piece == first.piece) ++i;
    Status status = VerdictOn(std::span(jobs_).subspan(begin, i - begin));
    // Of a tensor in slices, the first that is damaged says it.
    const bool is_known = !damage_.empty() && damage_.back().entry == first.entry;
    if (!status.ok() && !is_known) damage_.push_back({first.entry, std::move(status)});
  }
  std::ranges::sort(damage_, {}, &Damage::entry);
  return std::move(damage_);
}

Status DamageSearch::VerdictOn(std::span<Job> stretches) const {
  std::uint32_t crc = 0;
  for (Job& job : stretches) {
    if (!job.status.ok()) return std::move(job.status);
    crc = crc32c::Combine(crc, job.crc, job.end - job.begin);
  }
  const Job& first = stretches.front();
  if (first.piece == nullptr) return {};
  return CompareChecksums(first.piece->crc32c, crc, checkpoint_->Describe(*first.piece, NameOf(first)));
}

std::string DamageSearch::NameOf(const Job& job) const { return permafrost::NameOf(checkpoint_->entries()[job.entry]); }

}  // namespace permafrost
