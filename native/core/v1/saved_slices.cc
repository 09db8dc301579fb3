#include "v1/saved_slices.h"

#include <utility>

#include "proto/field_cursor.h"
#include "proto/wire.h"

namespace permafrost {
namespace {

// SavedSliceMeta.
bool ParseSavedTensor(std::span<const std::byte> bytes, std::uint64_t slice_budget, SavedTensor& tensor) {
  return ForEachField(bytes, [&](const Field& field) {
    if (field.Is(1, kBytes)) {
      tensor.name.assign(reinterpret_cast<const char*>(field.bytes.data()), field.bytes.size());
    }
    if (field.Is(3, kVarint)) tensor.dtype = static_cast<DataType>(static_cast<std::int32_t>(field.value));
    if (field.Is(4, kBytes)) return AddSlice(field.bytes, tensor.slices, slice_budget);
    return !field.Is(2, kBytes) || ParseShape(field.bytes, tensor.shape);
  });
}

}  // namespace

bool ParseSavedTensors(std::span<const std::byte> bytes, std::uint64_t slice_budget, Versions& versions,
                       const std::function<bool(SavedTensor tensor)>& take) {
  // SavedTensorSliceMeta.
  const auto parse_meta = [&](const Field& field) {
    if (field.Is(2, kBytes)) return ParseVersions(field.bytes, versions);
    if (!field.Is(1, kBytes)) return true;
    SavedTensor tensor;
    return ParseSavedTensor(field.bytes, slice_budget, tensor) && take(std::move(tensor));
  };
  return ForEachField(
      bytes, [&](const Field& field) { return !field.Is(1, kBytes) || ForEachField(field.bytes, parse_meta); });
}

Result<std::optional<ProtoPlace>> FindTensorProto(const ByteSource& record) {
  ProtoPlace proto;
  Status status;
  // SavedSlice.
  const auto look_into = [&](const FieldPlace& slice) {
    const auto good = ForEachFieldPlace(record.Part(slice.offset, slice.size), [&](const FieldPlace& field) {
      if (field.Is(3, kBytes)) proto = {slice.offset + field.offset, field.size};
      return true;
    });
    status = good.status();
    return good.ok() && good.value();
  };
  const auto good =
      ForEachFieldPlace(record, [&](const FieldPlace& field) { return !field.Is(2, kBytes) || look_into(field); });
  if (!status.ok()) return status;
  if (!good.ok()) return good.status();
  return good.value() ? std::optional(proto) : std::nullopt;
}

}  // namespace permafrost
