#include "v1/v1_index.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "table/table.h"
#include "tensor/slice_key.h"
#include "text.h"

namespace permafrost {
namespace {

// The version of the format that this reader knows, as TensorFlow counts them.
constexpr std::int64_t kVersion = 1;

Status Malformed(const std::string& cause, const std::string& path) {
  return {StatusCode::kCheckpointMalformed, "bad V1 checkpoint (" + cause + "): " + path};
}

// A scalar's only slice has no text.
std::string NameOf(std::string_view tensor, const std::string& slice) {
  return (slice.empty() ? "" : "slice " + slice + " of ") + "tensor " + Quoted(tensor);
}

}  // namespace

Status V1Index::AddFile(const ByteSource& file, const std::string& path, const Stop& stop) {
  const std::uint32_t shard = files_++;
  std::uint64_t budget = UnfoldingLimit(file.size);
  std::string fault;
  bool has_list = false;
  Versions versions;
  Places places;
  const auto add_tensor = [&](SavedTensor tensor) {
    const std::uint64_t cost = CostOfEntry(tensor.name, tensor.shape.sizes.size(), tensor.slices);
    fault = cost > budget ? "more tensors than a file of its size can hold" : AddTensor(std::move(tensor), places);
    budget -= std::min(cost, budget);
    return fault.empty();
  };
  Status status = ForEachInTable(file, path, stop, [&](std::string_view key, const TableValue& value) -> Status {
    if (has_list) {
      const auto refusal = AddSlice(key, value, shard, places);
      if (!refusal.ok()) return refusal.status();
      return refusal.value().empty() ? Status() : Malformed(refusal.value(), path);
    }
    // The list's key is empty, so it comes first or not at all.
    if (!key.empty()) return Malformed("its list of tensors is missing", path);
    has_list = true;
    std::vector<std::byte> list;
    if (Status read = value.ReadInto(list); !read.ok()) return read;
    if (!ParseSavedTensors(list, budget, versions, add_tensor)) {
      return Malformed(fault.empty() ? "its list of tensors is malformed" : fault, path);
    }
    fault = versions.FaultOf(kVersion);
    if (fault.empty()) return {};
    return {StatusCode::kCheckpointUnsupported, "unsupported V1 checkpoint (" + fault + "): " + path};
  });
  if (!status.ok()) return status;
  if (!has_list) return Malformed("its list of tensors is missing", path);
  for (const auto& [name, place] : places) {
    if (place.filled) continue;
    return Malformed(NameOf(name.first, name.second) + " has no record", path);
  }
  return {};
}

std::string V1Index::AddTensor(SavedTensor saved, Places& places) {
  const std::string about = "tensor " + Quoted(saved.name) + ": ";
  if (!IsUtf8(saved.name)) return about + "a name that is not UTF-8";
  if (!IsKnown(saved.dtype)) return about + "unknown dtype " + std::to_string(static_cast<int>(saved.dtype));
  std::uint64_t bytes = 0;
  if (const std::string fault = FaultOf(saved.shape, saved.dtype, bytes); !fault.empty()) return about + fault;
  const auto [at, is_new] = tensors_.try_emplace(saved.name);
  TensorEntry& tensor = at->second;
  if (is_new) {
    tensor.key = saved.name;
    tensor.dtype = saved.dtype;
    tensor.shape = std::move(saved.shape.sizes);
  } else if (tensor.dtype != saved.dtype || tensor.shape != saved.shape.sizes) {
    return about + "two files disagree about its type or shape";
  }
  for (const auto& extents : saved.slices) {
    const std::string text = SliceText(extents);
    const auto region = RegionOf(extents, tensor.shape);
    if (!region) return NameOf(saved.name, text) + " is outside its shape";
    if (!places.try_emplace({saved.name, text}, &tensor, tensor.slices.size()).second) {
      return NameOf(saved.name, text) + " is listed twice";
    }
    tensor.slices.emplace_back().region = *region;
  }
  return {};
}

Result<std::string> V1Index::AddSlice(std::string_view key, const TableValue& value, std::uint32_t shard,
                                      Places& places) {
  const auto slice = DecodeSliceKey(key);
  if (!slice) return "malformed key of a slice, " + Quoted(key);
  const std::string text = SliceText(slice->extents);
  const auto place = places.find({slice->tensor, text});
  // What the list does not name is nobody's, as in TensorFlow.
  if (place == places.end()) return std::string();
  const std::string about = NameOf(slice->tensor, text);
  const auto proto = FindTensorProto(value.source());
  if (!proto.ok()) return proto.status();
  if (!proto.value()) return about + " is malformed";
  // TensorFlow has never compressed these files; a decompressed block would be gone by the time it is wanted.
  if (!value.place()) return about + " is compressed";
  StoredPiece& piece = place->second.tensor->slices[place->second.slice];
  piece.shard = shard;
  piece.offset = *value.place() + proto.value()->offset;
  piece.size = proto.value()->size;
  place->second.filled = true;
  return std::string();
}

std::vector<TensorEntry> V1Index::TakeEntries() {
  std::vector<TensorEntry> entries;
  for (auto& [name, tensor] : tensors_) {
    const bool is_whole = tensor.slices.size() == 1 && tensor.slices.front().region == WholeRegion(tensor.shape);
    for (const TensorSlice& slice : tensor.slices) tensor.size += slice.size;
    if (is_whole) {
      static_cast<StoredPiece&>(tensor) = tensor.slices.front();
      tensor.slices.clear();
    }
    entries.push_back(std::move(tensor));
  }
  tensors_.clear();
  return entries;
}

}  // namespace permafrost
