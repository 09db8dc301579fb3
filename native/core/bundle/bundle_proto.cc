#include "bundle/bundle_proto.h"

#include "byte_reader.h"

namespace permafrost {
namespace {

enum WireType : std::uint8_t {
  kVarint = 0,
  kFixed64 = 1,
  kBytes = 2,
  kFixed32 = 5,
};

struct Field {
  std::uint64_t number = 0;
  WireType type = kVarint;
  std::uint64_t value = 0;           // kVarint, kFixed64, kFixed32
  std::span<const std::byte> bytes;  // kBytes

  bool Is(std::uint64_t wanted_number, WireType wanted_type) const {
    return number == wanted_number && type == wanted_type;
  }
  std::int64_t Signed() const { return static_cast<std::int64_t>(value); }
};

bool ReadField(ByteReader& reader, Field& field) {
  std::uint64_t tag = 0;
  if (!reader.ReadVarint64(tag) || (tag >> 3) == 0 || (tag >> 3) > 0x1fffffff) return false;
  field = {};
  field.number = tag >> 3;
  switch (tag & 7) {
    case kVarint:
      return reader.ReadVarint64(field.value);
    case kFixed64:
      field.type = kFixed64;
      return reader.ReadFixed64(field.value);
    case kBytes: {
      field.type = kBytes;
      std::uint64_t size = 0;
      return reader.ReadVarint64(size) && reader.ReadBytes(size, field.bytes);
    }
    case kFixed32: {
      field.type = kFixed32;
      std::uint32_t value = 0;
      if (!reader.ReadFixed32(value)) return false;
      field.value = value;
      return true;
    }
    default:
      // Groups: TensorFlow has never used them, and without them nesting ends with the messages we know.
      return false;
  }
}

// Calls `take` for each field; false where the bytes are malformed or `take` says so.
template <typename Take>
bool ForEachField(std::span<const std::byte> bytes, Take take) {
  ByteReader reader(bytes);
  Field field;
  while (reader.remaining() > 0) {
    if (!ReadField(reader, field) || !take(field)) return false;
  }
  return true;
}

// One byte there takes eight here.
constexpr std::size_t kMostBadConsumers = 1000;

bool ParseVersions(std::span<const std::byte> bytes, BundleHeader& header) {
  const auto add_bad_consumer = [&](std::uint64_t version) {
    header.bad_consumers.push_back(static_cast<std::int64_t>(version));
    return header.bad_consumers.size() <= kMostBadConsumers;
  };
  return ForEachField(bytes, [&](const Field& field) {
    if (field.Is(2, kVarint)) header.min_consumer = field.Signed();
    if (field.Is(3, kVarint)) return add_bad_consumer(field.value);
    if (field.Is(3, kBytes)) {
      for (ByteReader packed(field.bytes); packed.remaining() > 0;) {
        std::uint64_t value = 0;
        if (!packed.ReadVarint64(value) || !add_bad_consumer(value)) return false;
      }
    }
    return true;
  });
}

bool ParseShape(std::span<const std::byte> bytes, BundleEntry& entry) {
  return ForEachField(bytes, [&](const Field& field) {
    if (field.Is(3, kVarint)) entry.unknown_rank = field.value != 0;
    if (!field.Is(2, kBytes) || entry.shape.size() > kMostDimensions) return true;
    std::int64_t size = 0;
    entry.shape.push_back(size);
    return ForEachField(field.bytes, [&](const Field& dimension) {
      if (dimension.Is(1, kVarint)) entry.shape.back() = dimension.Signed();
      return true;
    });
  });
}

// An extent without a length is the whole dimension. A slice without extents would take far more memory here than it
// takes there, and no tensor that can be cut has such slices.
bool ParseSlice(std::span<const std::byte> bytes, std::vector<Extent>& extents) {
  const bool good = ForEachField(bytes, [&](const Field& field) {
    if (!field.Is(1, kBytes) || extents.size() > kMostDimensions) return true;
    Extent& extent = extents.emplace_back();
    return ForEachField(field.bytes, [&](const Field& part) {
      if (part.Is(1, kVarint)) extent.start = part.Signed();
      if (part.Is(2, kVarint)) extent.length = part.Signed();
      return true;
    });
  });
  return good && !extents.empty();
}

}  // namespace

std::optional<BundleHeader> ParseBundleHeader(std::span<const std::byte> bytes) {
  BundleHeader header;
  const bool good = ForEachField(bytes, [&](const Field& field) {
    if (field.Is(1, kBytes)) header.is_v1 = true;
    if (field.Is(1, kVarint)) header.num_shards = field.Signed();
    if (field.Is(2, kVarint)) header.endianness = field.Signed();
    // In a V1 value the second field is a message too, and none of ours.
    return header.is_v1 || !field.Is(3, kBytes) || ParseVersions(field.bytes, header);
  });
  if (!good) return std::nullopt;
  return header;
}

std::optional<BundleEntry> ParseBundleEntry(std::span<const std::byte> bytes) {
  BundleEntry entry;
  const bool good = ForEachField(bytes, [&](const Field& field) {
    if (field.Is(1, kVarint)) entry.dtype = static_cast<DataType>(static_cast<std::int32_t>(field.value));
    if (field.Is(3, kVarint)) entry.shard = field.Signed();
    if (field.Is(4, kVarint)) entry.offset = field.Signed();
    if (field.Is(5, kVarint)) entry.size = field.Signed();
    if (field.Is(6, kFixed32)) entry.crc32c = static_cast<std::uint32_t>(field.value);
    if (field.Is(7, kBytes)) return ParseSlice(field.bytes, entry.slices.emplace_back());
    return !field.Is(2, kBytes) || ParseShape(field.bytes, entry);
  });
  if (!good) return std::nullopt;
  return entry;
}

}  // namespace permafrost
