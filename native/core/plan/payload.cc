#include "plan/payload.h"

#include <string>
#include <string_view>
#include <vector>

#include "pieces/convert.h"
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
                                                        " as " + std::string(EncodingName(encoding)) + "): tensor " +
                                                        Quoted(entry.key));
}

// Brings blocks into little-endian order, in place where they are so already.
class ByteOrder {
 public:
  ByteOrder(const Checkpoint& checkpoint, const TensorEntry& entry)
      : unit_(checkpoint.big_endian() ? SwapUnit(entry.dtype) : 1) {}

  std::span<const std::byte> Apply(std::span<const std::byte> block) {
    if (unit_ <= 1) return block;
    scratch_.resize(block.size());
    SwapBytes(block, unit_, scratch_);
    return scratch_;
  }

 private:
  std::size_t unit_;
  std::vector<std::byte> scratch_;
};

}  // namespace

Result<std::uint64_t> PayloadSize(const Checkpoint& checkpoint, const TensorPart& part, PayloadEncoding encoding) {
  auto gather = Open(checkpoint, part, encoding, Checksum::kIgnore);
  if (!gather.ok()) return gather.status();
  const TensorEntry& entry = checkpoint.entries()[part.entry];
  if (encoding == PayloadEncoding::kRaw || encoding == PayloadEncoding::kBool) {
    return gather.value().elements() * ElementSize(entry.dtype);
  }
  std::uint64_t size = 0;
  ByteOrder order(checkpoint, entry);
  Status status = gather.value().ForEachBlock([&](std::span<const std::byte> block) -> Status {
    size += encoding == PayloadEncoding::kVarint ? VarintsSize(entry.dtype, order.Apply(block)) : block.size();
    return {};
  });
  if (!status.ok()) return status;
  return size;
}

Status EmitPayload(const Checkpoint& checkpoint, const TensorPart& part, PayloadEncoding encoding,
                   const ByteSink& sink) {
  auto gather = Open(checkpoint, part, encoding, Checksum::kVerify);
  if (!gather.ok()) return gather.status();
  if (encoding == PayloadEncoding::kStrings) return gather.value().ForEachBlock(sink);
  const TensorEntry& entry = checkpoint.entries()[part.entry];
  ByteOrder order(checkpoint, entry);
  std::vector<std::byte> converted;
  return gather.value().ForEachBlock([&](std::span<const std::byte> block) -> Status {
    const auto elements = order.Apply(block);
    if (encoding == PayloadEncoding::kRaw) return sink(elements);
    if (encoding == PayloadEncoding::kBool) {
      converted.resize(elements.size());
      NormaliseBools(elements, converted);
    } else {
      converted.clear();
      AppendVarints(entry.dtype, elements, converted);
    }
    return sink(converted);
  });
}

}  // namespace permafrost
