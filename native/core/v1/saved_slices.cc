#include "v1/saved_slices.h"

#include <utility>

#include "proto/wire.h"

namespace permafrost {
namespace {

// SavedSliceMeta.
bool ParseSavedTensor(std::span<const std::byte> bytes, SavedTensor& tensor) {
  return ForEachField(bytes, [&](const Field& field) {
    if (field.Is(1, kBytes)) {
      tensor.name.assign(reinterpret_cast<const char*>(field.bytes.data()), field.bytes.size());
    }
    if (field.Is(3, kVarint)) tensor.dtype = static_cast<DataType>(static_cast<std::int32_t>(field.value));
    if (field.Is(4, kBytes)) return ParseSlice(field.bytes, tensor.slices.emplace_back());
    return !field.Is(2, kBytes) || ParseShape(field.bytes, tensor.shape);
  });
}

}  // namespace

bool ParseSavedTensors(std::span<const std::byte> bytes, Versions& versions,
                       const std::function<bool(SavedTensor tensor)>& take) {
  // SavedTensorSliceMeta.
  const auto parse_meta = [&](const Field& field) {
    if (field.Is(2, kBytes)) return ParseVersions(field.bytes, versions);
    if (!field.Is(1, kBytes)) return true;
    SavedTensor tensor;
    return ParseSavedTensor(field.bytes, tensor) && take(std::move(tensor));
  };
  return ForEachField(
      bytes, [&](const Field& field) { return !field.Is(1, kBytes) || ForEachField(field.bytes, parse_meta); });
}

std::optional<std::span<const std::byte>> ParseSavedSlice(std::span<const std::byte> bytes) {
  std::span<const std::byte> tensor;
  // SavedSlice.
  const auto parse_slice = [&](const Field& field) {
    if (field.Is(3, kBytes)) tensor = field.bytes;
    return true;
  };
  const bool good = ForEachField(
      bytes, [&](const Field& field) { return !field.Is(2, kBytes) || ForEachField(field.bytes, parse_slice); });
  if (!good) return std::nullopt;
  return tensor;
}

}  // namespace permafrost
