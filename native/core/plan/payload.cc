#include "plan/payload.h"

#include <algorithm>
#include <vector>

#include "bundle/string_tensor.h"
#include "crc32c/crc32c.h"
#include "plan/convert.h"
#include "text.h"

namespace permafrost {
namespace {

// Half of a common L2 cache: what the checksum has just read is still there when the sink copies it. A multiple of
// every element size.
constexpr std::size_t kBlockSize = std::size_t{256} * 1024;
// Field 8 of TensorProto, length-delimited: string_val.
constexpr std::byte kStringTag{0x42};

std::string About(const TensorBundle& bundle, const TensorEntry& entry) {
  return "tensor " + Quoted(entry.key) + ", " + ByteRange(entry.offset, entry.size) + " of " +
         bundle.ShardPath(entry.shard);
}

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

// The tensor's bytes, if they can be encoded so.
Result<std::span<const std::byte>> Source(const TensorBundle& bundle, const TensorEntry& entry,
                                          PayloadEncoding encoding) {
  if (!Fits(entry.dtype, encoding)) {
    return Status(StatusCode::kCheckpointUnsupported, "no such payload (" + std::string(DataTypeName(entry.dtype)) +
                                                          " as " + std::string(EncodingName(encoding)) + "): tensor " +
                                                          Quoted(entry.key));
  }
  return bundle.Stored(entry);
}

Result<StringTensor> Strings(const TensorBundle& bundle, const TensorEntry& entry, std::span<const std::byte> stored) {
  std::uint64_t elements = 1;
  for (const std::int64_t size : entry.shape) elements *= static_cast<std::uint64_t>(size);
  return StringTensor::Parse(stored, elements, bundle.big_endian(), About(bundle, entry));
}

// Brings blocks into little-endian order, in place where they are so already.
class ByteOrder {
 public:
  ByteOrder(const TensorBundle& bundle, const TensorEntry& entry)
      : unit_(bundle.big_endian() ? SwapUnit(entry.dtype) : 1) {}

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

template <typename Take>
Status ForEachBlock(std::span<const std::byte> bytes, Take take) {
  while (!bytes.empty()) {
    const auto block = bytes.first(std::min(bytes.size(), kBlockSize));
    bytes = bytes.subspan(block.size());
    if (Status status = take(block); !status.ok()) return status;
  }
  return {};
}

Status Verdict(const TensorBundle& bundle, const TensorEntry& entry, std::uint32_t computed) {
  const std::uint32_t stored = crc32c::Unmask(entry.crc32c);
  if (stored == computed) return {};
  return {StatusCode::kChecksumMismatch, "checksum mismatch (stored " + Hex32(stored) + ", computed " +
                                             Hex32(computed) + "): " + About(bundle, entry)};
}

Status EmitElements(const TensorBundle& bundle, const TensorEntry& entry, PayloadEncoding encoding,
                    std::span<const std::byte> stored, const ByteSink& sink) {
  std::uint32_t crc = 0;
  ByteOrder order(bundle, entry);
  std::vector<std::byte> converted;
  Status status = ForEachBlock(stored, [&](std::span<const std::byte> block) -> Status {
    crc = crc32c::Extend(crc, block);
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
  if (!status.ok()) return status;
  return Verdict(bundle, entry, crc);
}

Status EmitStrings(const TensorBundle& bundle, const TensorEntry& entry, std::span<const std::byte> stored,
                   const ByteSink& sink) {
  const auto strings = Strings(bundle, entry, stored);
  if (!strings.ok()) return strings.status();
  std::uint32_t crc = strings.value().lengths_crc();
  // Short strings are gathered into blocks; the sink should not be called for each.
  std::vector<std::byte> gathered;
  const auto flush = [&]() -> Status {
    if (gathered.empty()) return {};
    Status status = sink(gathered);
    gathered.clear();
    return status;
  };
  Status status = strings.value().ForEach([&](std::span<const std::byte> element) -> Status {
    gathered.push_back(kStringTag);
    AppendVarint(element.size(), gathered);
    Status appended = ForEachBlock(element, [&](std::span<const std::byte> block) -> Status {
      crc = crc32c::Extend(crc, block);
      gathered.insert(gathered.end(), block.begin(), block.end());
      return gathered.size() >= kBlockSize ? flush() : Status();
    });
    if (!appended.ok() || gathered.size() < kBlockSize) return appended;
    return flush();
  });
  if (status.ok()) status = flush();
  if (!status.ok()) return status;
  return Verdict(bundle, entry, crc);
}

}  // namespace

Result<std::uint64_t> PayloadSize(const TensorBundle& bundle, const TensorEntry& entry, PayloadEncoding encoding) {
  const auto stored = Source(bundle, entry, encoding);
  if (!stored.ok()) return stored.status();
  std::uint64_t size = 0;
  if (encoding == PayloadEncoding::kRaw || encoding == PayloadEncoding::kBool) {
    size = entry.size;
  } else if (encoding == PayloadEncoding::kVarint) {
    ByteOrder order(bundle, entry);
    Status status = ForEachBlock(stored.value(), [&](std::span<const std::byte> block) -> Status {
      size += VarintsSize(entry.dtype, order.Apply(block));
      return {};
    });
    if (!status.ok()) return status;
  } else {
    const auto strings = Strings(bundle, entry, stored.value());
    if (!strings.ok()) return strings.status();
    Status status = strings.value().ForEach([&](std::span<const std::byte> element) -> Status {
      size += 1 + VarintSize(element.size()) + element.size();
      return {};
    });
    if (!status.ok()) return status;
  }
  return size;
}

Status EmitPayload(const TensorBundle& bundle, const TensorEntry& entry, PayloadEncoding encoding,
                   const ByteSink& sink) {
  const auto stored = Source(bundle, entry, encoding);
  if (!stored.ok()) return stored.status();
  if (encoding == PayloadEncoding::kStrings) return EmitStrings(bundle, entry, stored.value(), sink);
  return EmitElements(bundle, entry, encoding, stored.value(), sink);
}

}  // namespace permafrost
