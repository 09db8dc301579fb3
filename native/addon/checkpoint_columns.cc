#include "checkpoint_columns.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace permafrost::addon {

namespace {

template <typename Array, typename Get>
Array Column(Napi::Env env, std::span<const TensorEntry> entries, Get get) {
  Array column = Array::New(env, entries.size());
  for (std::size_t row = 0; row < entries.size(); ++row) column[row] = get(entries[row]);
  return column;
}

// Where each row's part of a ragged column ends.
template <typename Size>
Napi::Uint32Array Ends(Napi::Env env, std::span<const TensorEntry> entries, Size size) {
  std::uint32_t end = 0;
  return Column<Napi::Uint32Array>(
      env, entries, [&](const TensorEntry& entry) { return end += static_cast<std::uint32_t>(size(entry)); });
}

Napi::Uint8Array Keys(Napi::Env env, std::span<const TensorEntry> entries) {
  std::string all;
  for (const TensorEntry& entry : entries) all += entry.key;
  Napi::Uint8Array keys = Napi::Uint8Array::New(env, all.size());
  std::ranges::copy(all, keys.Data());
  return keys;
}

Napi::Float64Array Dims(Napi::Env env, std::span<const TensorEntry> entries) {
  std::vector<double> all;
  for (const TensorEntry& entry : entries) all.insert(all.end(), entry.shape.begin(), entry.shape.end());
  Napi::Float64Array dims = Napi::Float64Array::New(env, all.size());
  std::ranges::copy(all, dims.Data());
  return dims;
}

}  // namespace

Napi::Value CheckpointColumns(Napi::Env env, std::span<const TensorEntry> entries) {
  const auto number = [](std::uint64_t value) { return static_cast<double>(value); };
  Napi::Object columns = Napi::Object::New(env);
  columns["keys"] = Keys(env, entries);
  columns["keyEnds"] = Ends(env, entries, [](const TensorEntry& entry) { return entry.key.size(); });
  columns["dtypes"] = Column<Napi::Int32Array>(env, entries, [](auto& entry) { return static_cast<int>(entry.dtype); });
  columns["dims"] = Dims(env, entries);
  columns["dimEnds"] = Ends(env, entries, [](const TensorEntry& entry) { return entry.shape.size(); });
  columns["sizes"] = Column<Napi::Float64Array>(env, entries, [&](auto& entry) { return number(entry.size); });
  return columns;
}

}  // namespace permafrost::addon
