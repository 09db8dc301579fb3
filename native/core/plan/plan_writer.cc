#include "plan/plan_writer.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "crc32c/crc32c.h"
#include "plan/copy_file.h"
#include "plan/copy_stretch.h"
#include "plan/crew.h"
#include "plan/encode_stretch.h"
#include "plan/gather.h"
#include "plan/output.h"
#include "plan/output_files.h"
#include "plan/work.h"
#include "text.h"

namespace permafrost {
namespace {

Status BadPlan(const std::string& cause) { return {StatusCode::kWriteFailed, "plan not executable (" + cause + ")"}; }

Status WrongSize(const TensorEntry& entry, std::uint64_t actual, std::uint64_t planned) {
  return BadPlan(NameOf(entry) + " gives " + std::to_string(actual) + " bytes, planned were " +
                 std::to_string(planned));
}

// Only reading its elements tells what such a tensor takes, and it has been read before.
Status Changed(const TensorEntry& entry, std::uint64_t actual, std::uint64_t planned) {
  return {StatusCode::kReadFailed, "tensor changed while it was read (" + std::to_string(actual) +
                                       " bytes of output, measured were " + std::to_string(planned) +
                                       "): " + NameOf(entry)};
}

// The size that is known without reading the tensor must be right; the other encodings are counted while they are
// written.
Status CheckTensor(const Checkpoint& checkpoint, const TensorSegment& segment) {
  const auto entries = checkpoint.entries();
  if (segment.part.entry >= entries.size()) {
    return BadPlan("tensor " + std::to_string(segment.part.entry) + " of " + std::to_string(entries.size()));
  }
  const TensorEntry& entry = entries[segment.part.entry];
  if (EncodedSize(entry.dtype, segment.form.encoding) != 0) {
    const auto size = PayloadSize(checkpoint, segment.part, segment.form);
    if (!size.ok()) return size.status();
    if (size.value() != segment.size) return WrongSize(entry, size.value(), segment.size);
    return {};
  }
  return Gather::Open(checkpoint, entry, segment.part.region, Checksum::kIgnore).status();
}

// Opens every shard and every file that the plan needs and adds the sizes up, before anything is written.
Result<std::uint64_t> Resolve(const Checkpoint& checkpoint, std::span<const Segment> plan) {
  std::uint64_t total = 0;
  for (const Segment& segment : plan) {
    if (Status status = checkpoint.stop().Check(); !status.ok()) return status;
    const std::uint64_t size = SizeOf(segment);
    if (const auto* tensor = std::get_if<TensorSegment>(&segment)) {
      if (Status status = CheckTensor(checkpoint, *tensor); !status.ok()) return status;
    }
    if (const auto* file = std::get_if<FileSegment>(&segment)) {
      if (Status status = CheckFile(*file, checkpoint.stop()); !status.ok()) return status;
    }
    if (size > std::numeric_limits<std::uint64_t>::max() - total) return BadPlan("larger than 2^64 bytes");
    total += size;
  }
  return total;
}

// Every byte of the plan has its file.
Status CheckFiles(std::span<const FolderFile> files, std::uint64_t total) {
  std::uint64_t left = total;
  for (const FolderFile& file : files) {
    if (file.size > left) return BadPlan("its files are longer than its segments");
    left -= file.size;
  }
  return left == 0 ? Status() : BadPlan("its segments are longer than its files");
}

// The checksums of the stretches of tensors that were cut, until the last of them is there.
class Stretches {
 public:
  explicit Stretches(const Work& work) : work_(work) {}

  // Takes the checksum of a stretch; after the last one of its segment comes the checksum of them all.
  std::optional<std::uint32_t> Add(const Stretch& stretch, const StretchSum& sum) {
    if (stretch.is_whole) return sum.crc;
    const std::lock_guard lock(mutex_);
    auto& sums = sums_[stretch.segment];
    sums.emplace(stretch.begin, sum);
    const Task all = work_.of_segment(stretch.segment);
    if (sums.size() < all.size()) return std::nullopt;
    std::uint32_t total = 0;
    for (const auto& [begin, each] : sums) total = crc32c::Combine(total, each.crc, each.stored);
    return total;
  }

 private:
  const Work& work_;
  std::mutex mutex_;
  std::map<std::size_t, std::map<std::uint64_t, StretchSum>> sums_;  // by segment, by where the stretch begins
};

class Writer {
 public:
  Writer(const Checkpoint& checkpoint, std::span<const Segment> plan, OutputFiles& files, WriteProgress& progress)
      : checkpoint_(checkpoint),
        plan_(plan),
        files_(files),
        progress_(progress),
        work_(checkpoint, plan),
        stretches_(work_),
        overflows_(plan.size()) {}

  Status WriteAll(unsigned threads) {
    return ForEachJob(work_.count(), threads, [this](std::size_t index) { return Write(work_.task(index)); });
  }

  // Of each segment, when all is written.
  std::vector<std::uint64_t> overflows() const { return {overflows_.begin(), overflows_.end()}; }

 private:
  Status Write(Task task) {
    Output output(files_, task.front().at, progress_);
    for (const Stretch& stretch : task) {
      if (Status status = Write(stretch, plan_[stretch.segment], output); !status.ok()) return status;
    }
    return output.Flush();
  }

  Status Write(const Stretch& stretch, const Segment& segment, Output& output) {
    if (const auto* file = std::get_if<FileSegment>(&segment)) {
      return CopyFile(*file, stretch.begin, stretch.end, checkpoint_.stop(), output);
    }
    const auto* tensor = std::get_if<TensorSegment>(&segment);
    if (tensor == nullptr) return WriteLiteral(stretch, std::get<LiteralSegment>(segment), output);
    return IsDivisible(checkpoint_, tensor->part, tensor->form) ? WriteStretch(stretch, *tensor, output)
                                                                : WriteTensor(stretch.segment, *tensor, output);
  }

  static Status WriteLiteral(const Stretch& stretch, LiteralSegment bytes, Output& output) {
    return output.Write(
        bytes.subspan(static_cast<std::size_t>(stretch.begin), static_cast<std::size_t>(stretch.end - stretch.begin)));
  }

  Status WriteStretch(const Stretch& stretch, const TensorSegment& tensor, Output& output) {
    const auto sum = IsCopy(checkpoint_, tensor.part, tensor.form)
                         ? CopyStretch(checkpoint_, tensor.part, stretch.begin, stretch.end, output)
                         : EncodeStretch(checkpoint_, tensor.part, tensor.form, stretch.begin, stretch.end, output);
    if (!sum.ok()) return sum.status();
    overflows_[stretch.segment] += sum.value().overflows;
    const auto total = stretches_.Add(stretch, sum.value());
    return total ? CheckDivided(checkpoint_, tensor.part, *total) : Status();
  }

  Status WriteTensor(std::size_t segment, const TensorSegment& tensor, Output& output) {
    const TensorEntry& entry = checkpoint_.entries()[tensor.part.entry];
    std::uint64_t written = 0;
    const auto overflows =
        EmitPayload(checkpoint_, tensor.part, tensor.form, [&](std::span<const std::byte> block) -> Status {
          if (block.size() > tensor.size - written) return Changed(entry, written + block.size(), tensor.size);
          written += block.size();
          return output.Write(block);
        });
    if (!overflows.ok()) return overflows.status();
    if (written != tensor.size) return Changed(entry, written, tensor.size);
    overflows_[segment] += overflows.value();
    return {};
  }

  const Checkpoint& checkpoint_;
  std::span<const Segment> plan_;
  OutputFiles& files_;
  WriteProgress& progress_;
  Work work_;
  Stretches stretches_;
  std::vector<std::atomic<std::uint64_t>> overflows_;  // by segment
};

}  // namespace

Result<Written> WritePlan(const Checkpoint& checkpoint, std::span<const Segment> plan, const WriteOptions& options,
                          WriteProgress& progress) {
  if (Status status = progress.stop.Check(); !status.ok()) return status;
  const auto total = Resolve(checkpoint, plan);
  if (!total.ok()) return total.status();
  if (Status status = CheckFiles(options.files, total.value()); !status.ok()) return status;
  if (options.dry_run) {
    if (Status status = OutputFiles::Check(options.target, options.files); !status.ok()) return status;
    return Written{total.value(), std::vector<std::uint64_t>(plan.size())};
  }
  auto files = OutputFiles::Create(options.target, options.files);
  if (!files.ok()) return files.status();

  Writer writer(checkpoint, plan, files.value(), progress);
  Status status = writer.WriteAll(ThreadsFor(total.value(), options.threads));
  if (status.ok()) status = progress.stop.Check();
  if (status.ok()) status = checkpoint.CheckUnchanged();
  if (status.ok()) status = files.value().Commit(options.durable);
  if (status.ok()) return Written{total.value(), writer.overflows()};
  files.value().Discard(progress.discarded);
  return status;
}

}  // namespace permafrost
