#include "piece_columns.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace permafrost::addon {

namespace {

template <typename Array, typename T>
Array ArrayOf(Napi::Env env, const std::vector<T>& values) {
  Array array = Array::New(env, values.size());
  std::ranges::copy(values, array.Data());
  return array;
}

}  // namespace

Napi::Value PieceColumns(Napi::Env env, std::span<const TensorEntry> entries) {
  std::vector<std::uint32_t> ends;
  std::vector<std::uint32_t> shards;
  std::vector<double> sizes;
  std::vector<double> extents;
  std::vector<std::uint32_t> extent_ends;
  const auto add = [&](const StoredPiece& piece) {
    shards.push_back(piece.shard);
    sizes.push_back(static_cast<double>(piece.size));
    extent_ends.push_back(static_cast<std::uint32_t>(extents.size()));
  };
  for (const TensorEntry& entry : entries) {
    if (entry.slices.empty()) add(entry);
    for (const TensorSlice& slice : entry.slices) {
      for (const Extent& extent : slice.region) {
        extents.push_back(static_cast<double>(extent.start));
        extents.push_back(static_cast<double>(extent.length));
      }
      add(slice);
    }
    ends.push_back(static_cast<std::uint32_t>(shards.size()));
  }
  Napi::Object columns = Napi::Object::New(env);
  columns["pieceEnds"] = ArrayOf<Napi::Uint32Array>(env, ends);
  columns["shards"] = ArrayOf<Napi::Uint32Array>(env, shards);
  columns["sizes"] = ArrayOf<Napi::Float64Array>(env, sizes);
  columns["extents"] = ArrayOf<Napi::Float64Array>(env, extents);
  columns["extentEnds"] = ArrayOf<Napi::Uint32Array>(env, extent_ends);
  return columns;
}

}  // namespace permafrost::addon
