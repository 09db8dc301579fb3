#include "plan/payload.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "crc32c/crc32c.h"
#include "pieces/convert.h"
#include "pieces/running_checksum.h"
#include "plan/gather.h"
#include "text.h"

namespace permafrost {
namespace {

std::string_view EncodingName(PayloadEncoding encoding) {
  switch (encoding) {
    case PayloadEncoding::kRaw:
      return "raw bytes";
    case PayloadEncoding::kBool:
      return "bools";
    case PayloadEncoding::kVarint:
      return "varints";
    case PayloadEncoding::kStrings:
      return "strings";
  }
  return "an unknown encoding";
}

bool Fits(DataType dtype, PayloadEncoding encoding) {
  switch (encoding) {
    case PayloadEncoding::kRaw:
      return ElementSize(dtype) != 0;
    case PayloadEncoding::kBool:
      return dtype == DataType::kBool;
    case PayloadEncoding::kVarint:
      return HasVarints(dtype);
    case PayloadEncoding::kStrings:
      return dtype == DataType::kString;
  }
  return false;
}

Result<Gather> Open(const Checkpoint& checkpoint, const TensorPart& part, PayloadEncoding encoding, Checksum checksum) {
  const TensorEntry& entry = checkpoint.entries()[part.entry];
  if (Fits(entry.dtype, encoding)) return Gather::Open(checkpoint, entry, part.region, checksum);
  return Status(StatusCode::kCheckpointUnsupported, "no such payload (" + std::string(DataTypeName(entry.dtype)) +
                                                        " as " + std::string(EncodingName(encoding)) +
                                                        "): " + NameOf(entry));
}

}  // namespace

Result<std::uint64_t> PayloadSize(const Checkpoint& checkpoint, const TensorPart& part, PayloadEncoding encoding) {
  auto gather = Open(checkpoint, part, encoding, Checksum::kIgnore);
  if (!gather.ok()) return gather.status();
  const TensorEntry& entry = checkpoint.entries()[part.entry];
  if (encoding == PayloadEncoding::kRaw || encoding == PayloadEncoding::kBool) {
    return gather.value().elements() * ElementSize(entry.dtype);
  }
  std::uint64_t size = 0;
  Encoder encoder(checkpoint, entry, encoding);
  Status status = gather.value().ForEachBlock([&](std::span<const std::byte> block) -> Status {
    size += encoder.SizeOf(block);
    return {};
  });
  if (!status.ok()) return status;
  return size;
}

Status EmitPayload(const Checkpoint& checkpoint, const TensorPart& part, PayloadEncoding encoding,
                   const ByteSink& sink) {
  auto gather = Open(checkpoint, part, encoding, Checksum::kVerify);
  if (!gather.ok()) return gather.status();
  Encoder encoder(checkpoint, checkpoint.entries()[part.entry], encoding);
  return gather.value().ForEachBlock([&](std::span<const std::byte> block) { return sink(encoder.Encode(block)); });
}

bool IsDivisible(const Checkpoint& checkpoint, const TensorPart& part, PayloadEncoding encoding) {
  const TensorEntry& entry = checkpoint.entries()[part.entry];
  return checkpoint.format() == CheckpointFormat::kBundle && entry.slices.empty() && part.region.empty() &&
         (encoding == PayloadEncoding::kRaw || encoding == PayloadEncoding::kBool);
}

Result<std::uint32_t> EmitStretch(const Checkpoint& checkpoint, const TensorPart& part, PayloadEncoding encoding,
                                  std::uint64_t begin, std::uint64_t end, const ByteSink& sink) {
  const TensorEntry& entry = checkpoint.entries()[part.entry];
  const auto shard = checkpoint.ShardOf(entry, NameOf(entry));
  if (!shard.ok()) return shard.status();
  Encoder encoder(checkpoint, entry, encoding);
  std::vector<std::byte> block;
  std::uint32_t crc = 0;
  for (std::uint64_t at = begin; at < end; at += block.size()) {
    block.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kBlockSize, end - at)));
    if (Status status = shard.value()->ReadAt(entry.offset + at, block); !status.ok()) return status;
    crc = crc32c::Extend(crc, block);
    if (Status status = sink(encoder.Encode(block)); !status.ok()) return status;
  }
  return crc;
}

Status CheckDivided(const Checkpoint& checkpoint, const TensorPart& part, std::uint32_t crc) {
  const TensorEntry& entry = checkpoint.entries()[part.entry];
  return CompareChecksums(entry.crc32c, crc, checkpoint.Describe(entry, NameOf(entry)));
}

}  // namespace permafrost
