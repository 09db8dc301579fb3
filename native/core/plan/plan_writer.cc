#include "plan/plan_writer.h"

#include <algorithm>
#include <limits>

#include "io/new_file.h"
#include "plan/gather.h"
#include "text.h"

namespace permafrost {
namespace {

constexpr std::size_t kBlockSize = std::size_t{1024} * 1024;

Status BadPlan(const std::string& cause) { return {StatusCode::kWriteFailed, "plan not executable (" + cause + ")"}; }

Status WrongSize(const TensorEntry& entry, std::uint64_t actual, std::uint64_t planned) {
  return BadPlan("tensor " + Quoted(entry.key) + " gives " + std::to_string(actual) + " bytes, planned were " +
                 std::to_string(planned));
}

// The size that is known without reading the tensor must be right; the other encodings are counted while they are
// written.
Status CheckTensor(const Checkpoint& checkpoint, const TensorSegment& segment) {
  const auto entries = checkpoint.entries();
  if (segment.part.entry >= entries.size()) {
    return BadPlan("tensor " + std::to_string(segment.part.entry) + " of " + std::to_string(entries.size()));
  }
  const TensorEntry& entry = entries[segment.part.entry];
  if (segment.encoding == PayloadEncoding::kRaw || segment.encoding == PayloadEncoding::kBool) {
    const auto size = PayloadSize(checkpoint, segment.part, segment.encoding);
    if (!size.ok()) return size.status();
    if (size.value() != segment.size) return WrongSize(entry, size.value(), segment.size);
    return {};
  }
  return Gather::Open(checkpoint, entry, segment.part.region, Checksum::kIgnore).status();
}

// Maps every shard that the plan needs and adds the sizes up, before anything is written.
Result<std::uint64_t> Resolve(const Checkpoint& checkpoint, std::span<const Segment> plan) {
  std::uint64_t total = 0;
  for (const Segment& segment : plan) {
    std::uint64_t size = 0;
    if (const auto* tensor = std::get_if<TensorSegment>(&segment)) {
      if (Status status = CheckTensor(checkpoint, *tensor); !status.ok()) return status;
      size = tensor->size;
    } else {
      size = std::get<LiteralSegment>(segment).size();
    }
    if (size > std::numeric_limits<std::uint64_t>::max() - total) return BadPlan("larger than 2^64 bytes");
    total += size;
  }
  return total;
}

// Passes blocks to the file, counts them, and looks up between them whether anybody has had enough.
class Output {
 public:
  Output(NewFile& file, WriteProgress& progress) : file_(file), progress_(progress) {}

  Status Write(std::span<const std::byte> block) {
    if (progress_.abort.load(std::memory_order_relaxed)) return {StatusCode::kAborted, "aborted"};
    if (Status status = file_.Append(block); !status.ok()) return status;
    progress_.bytes_written.fetch_add(block.size(), std::memory_order_relaxed);
    return {};
  }

 private:
  NewFile& file_;
  WriteProgress& progress_;
};

Status WriteLiteral(LiteralSegment bytes, Output& output) {
  while (!bytes.empty()) {
    const auto block = bytes.first(std::min(bytes.size(), kBlockSize));
    if (Status status = output.Write(block); !status.ok()) return status;
    bytes = bytes.subspan(block.size());
  }
  return {};
}

Status WriteTensor(const Checkpoint& checkpoint, const TensorSegment& segment, Output& output) {
  const TensorEntry& entry = checkpoint.entries()[segment.part.entry];
  std::uint64_t written = 0;
  Status status =
      EmitPayload(checkpoint, segment.part, segment.encoding, [&](std::span<const std::byte> block) -> Status {
        if (block.size() > segment.size - written) return WrongSize(entry, written + block.size(), segment.size);
        written += block.size();
        return output.Write(block);
      });
  if (!status.ok()) return status;
  if (written != segment.size) return WrongSize(entry, written, segment.size);
  return {};
}

}  // namespace

Result<std::uint64_t> WritePlan(const Checkpoint& checkpoint, std::span<const Segment> plan,
                                const WriteOptions& options, WriteProgress& progress) {
  if (progress.abort.load(std::memory_order_relaxed)) return Status(StatusCode::kAborted, "aborted");
  const auto total = Resolve(checkpoint, plan);
  if (!total.ok()) return total.status();
  auto file = NewFile::Create(options.target, total.value());
  if (!file.ok()) return file.status();

  Output output(file.value(), progress);
  for (const Segment& segment : plan) {
    const auto* tensor = std::get_if<TensorSegment>(&segment);
    Status status = tensor != nullptr ? WriteTensor(checkpoint, *tensor, output)
                                      : WriteLiteral(std::get<LiteralSegment>(segment), output);
    if (!status.ok()) return status;
  }
  if (progress.abort.load(std::memory_order_relaxed)) return Status(StatusCode::kAborted, "aborted");
  if (Status status = file.value().Commit(options.durable); !status.ok()) return status;
  return total.value();
}

}  // namespace permafrost
