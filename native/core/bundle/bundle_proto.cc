#include "bundle/bundle_proto.h"

#include "proto/wire.h"

namespace permafrost {

std::optional<BundleHeader> ParseBundleHeader(std::span<const std::byte> bytes) {
  BundleHeader header;
  const bool good = ForEachField(bytes, [&](const Field& field) {
    if (field.Is(1, kVarint)) header.num_shards = field.Signed();
    if (field.Is(2, kVarint)) header.endianness = field.Signed();
    return !field.Is(3, kBytes) || ParseVersions(field.bytes, header.versions);
  });
  if (!good) return std::nullopt;
  return header;
}

std::optional<BundleEntry> ParseBundleEntry(std::span<const std::byte> bytes, std::uint64_t slice_budget) {
  BundleEntry entry;
  // A slice without extents would take far more memory here than it takes there, and no tensor that can be cut has such
  // slices.
  const auto add_slice = [&](std::span<const std::byte> slice) {
    return AddSlice(slice, entry.slices, slice_budget) && !entry.slices.back().empty();
  };
  const bool good = ForEachField(bytes, [&](const Field& field) {
    if (field.Is(1, kVarint)) entry.dtype = static_cast<DataType>(static_cast<std::int32_t>(field.value));
    if (field.Is(3, kVarint)) entry.shard = field.Signed();
    if (field.Is(4, kVarint)) entry.offset = field.Signed();
    if (field.Is(5, kVarint)) entry.size = field.Signed();
    if (field.Is(6, kFixed32)) entry.crc32c = static_cast<std::uint32_t>(field.value);
    if (field.Is(7, kBytes)) return add_slice(field.bytes);
    return !field.Is(2, kBytes) || ParseShape(field.bytes, entry.shape);
  });
  if (!good) return std::nullopt;
  return entry;
}

}  // namespace permafrost
