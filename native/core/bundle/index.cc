#include "bundle/index.h"

#include <string_view>
#include <utility>

#include "bundle/bundle_proto.h"
#include "bundle/shared_bytes.h"
#include "bundle/slice_records.h"
#include "table/table.h"
#include "tensor/slice_key.h"
#include "text.h"

namespace permafrost {
namespace {

// The version of the bundle format that this reader knows, as TensorFlow counts them.
constexpr std::int64_t kVersion = 1;
constexpr std::int64_t kMostShards = 100000;

Status BadHeader(StatusCode code, const std::string& cause, const std::string& path) {
  return {code, "bad index header (" + cause + "): " + path};
}

Status CheckHeader(const BundleHeader& header, const std::string& path) {
  if (const std::string fault = header.versions.FaultOf(kVersion); !fault.empty()) {
    return BadHeader(StatusCode::kCheckpointUnsupported, fault, path);
  }
  if (header.num_shards < 1 || header.num_shards > kMostShards) {
    return BadHeader(StatusCode::kCheckpointMalformed, std::to_string(header.num_shards) + " shards", path);
  }
  if (header.endianness != 0 && header.endianness != 1) {
    return BadHeader(StatusCode::kCheckpointMalformed, "endianness " + std::to_string(header.endianness), path);
  }
  return {};
}

// The reason why an entry cannot be believed, or nothing.
std::string FaultOf(const BundleEntry& entry, std::uint32_t num_shards) {
  std::uint64_t expected = 0;
  if (std::string fault = FaultOf(entry.shape, entry.dtype, expected); !fault.empty()) return fault;
  // The whole of a sliced tensor is not stored anywhere, so the rest of its entry says nothing.
  if (!entry.slices.empty()) return {};
  if (entry.shard < 0 || entry.shard >= num_shards) {
    return "shard " + std::to_string(entry.shard) + " of " + std::to_string(num_shards);
  }
  if (entry.offset < 0 || entry.size < 0) return "negative offset or size";
  const auto offset = static_cast<std::uint64_t>(entry.offset);
  const auto size = static_cast<std::uint64_t>(entry.size);
  if (offset >= kOffsetLimit || size >= kOffsetLimit - offset) return "offset or size too large";
  if (ElementSize(entry.dtype) != 0 && size != expected) {
    return "size of " + std::to_string(size) + " bytes, shape and dtype need " + std::to_string(expected);
  }
  return {};
}

std::string NameOf(std::string_view key) {
  if (!IsSliceKey(key)) return "tensor " + Quoted(key);
  const auto slice = DecodeSliceKey(key);
  if (!slice) return "slice record " + Quoted(key);
  return "slice " + SliceText(slice->extents) + " of tensor " + Quoted(slice->tensor);
}

Status BadEntry(StatusCode code, const std::string& cause, std::string_view key, const std::string& path) {
  return {code, "bad index entry (" + cause + "): " + NameOf(key) + " in " + path};
}

// Takes the records after the header, one by one.
class Entries {
 public:
  Entries(const std::string& path, std::uint64_t budget) : path_(path), budget_(budget) {}

  Status Add(std::string_view key, std::span<const std::byte> value, BundleIndex& index) {
    auto parsed = ParseBundleEntry(value, budget_);
    if (!parsed) return BadEntry(StatusCode::kCheckpointMalformed, "malformed", key, path_);
    BundleEntry& entry = *parsed;
    if (!IsKnown(entry.dtype)) {
      const int number = static_cast<int>(entry.dtype);
      return BadEntry(StatusCode::kCheckpointUnsupported, "unknown dtype " + std::to_string(number), key, path_);
    }
    std::string fault = FaultOf(entry, index.num_shards);
    const std::uint64_t cost = CostOfEntry(key, entry.shape.sizes.size(), entry.slices);
    if (fault.empty() && cost > budget_) fault = "more entries than a file of its size can hold";
    if (fault.empty()) {
      budget_ -= cost;
      fault = IsSliceKey(key) ? AddSlice(key, std::move(entry)) : AddTensor(key, std::move(entry), index);
    }
    return fault.empty() ? Status() : BadEntry(StatusCode::kCheckpointMalformed, fault, key, path_);
  }

 private:
  std::string AddSlice(std::string_view key, BundleEntry entry) {
    const auto slice = DecodeSliceKey(key);
    if (!slice || slice->extents.empty()) return "malformed key";
    slices_.Add(*slice, std::move(entry));
    return {};
  }

  std::string AddTensor(std::string_view key, BundleEntry entry, BundleIndex& index) {
    // Names are told apart as text from here on, and two that are none may look the same.
    if (!IsUtf8(key)) return "a key that is not UTF-8";
    std::string fault;
    TensorEntry tensor;
    tensor.key = key;
    tensor.dtype = entry.dtype;
    if (entry.slices.empty()) {
      static_cast<StoredPiece&>(tensor) = PieceOf(entry);
    } else {
      tensor.slices = slices_.SlicesOf(tensor.key, entry, fault);
      for (const TensorSlice& slice : tensor.slices) tensor.size += slice.size;
    }
    tensor.shape = std::move(entry.shape.sizes);
    index.entries.push_back(std::move(tensor));
    return fault;
  }

  const std::string& path_;
  std::uint64_t budget_;  // the memory that entries may still take
  SliceRecords slices_;
};

}  // namespace

Result<BundleIndex> ReadBundleIndex(const ByteSource& file, const std::string& path, const Stop& stop) {
  BundleIndex index;
  bool has_header = false;
  std::vector<std::byte> value;
  Entries entries(path, UnfoldingLimit(file.size));
  Status status = ForEachInTable(file, path, stop, [&](std::string_view key, const TableValue& stored) -> Status {
    if (Status read = stored.ReadInto(value); !read.ok()) return read;
    if (has_header) return entries.Add(key, value, index);
    // The header's key is empty, so it comes first or not at all.
    if (!key.empty()) return BadHeader(StatusCode::kCheckpointMalformed, "missing", path);
    has_header = true;
    const auto header = ParseBundleHeader(value);
    if (!header) return BadHeader(StatusCode::kCheckpointMalformed, "malformed", path);
    if (Status checked = CheckHeader(*header, path); !checked.ok()) return checked;
    index.num_shards = static_cast<std::uint32_t>(header->num_shards);
    index.big_endian = header->endianness == 1;
    return {};
  });
  if (!status.ok()) return status;
  if (!has_header) return BadHeader(StatusCode::kCheckpointMalformed, "missing", path);
  if (Status owned = CheckOwnBytes(index.entries, path); !owned.ok()) return owned;
  return index;
}

}  // namespace permafrost
