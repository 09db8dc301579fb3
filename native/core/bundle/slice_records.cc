#include "bundle/slice_records.h"

namespace permafrost {
namespace {

// Why the record cannot be that slice of the tensor, or nothing.
std::string FaultOf(const BundleEntry& record, const Region& region, const BundleEntry& tensor) {
  if (!record.slices.empty()) return "is in slices itself";
  if (record.dtype != tensor.dtype) {
    return "is of " + std::string(DataTypeName(record.dtype)) + ", not of " + std::string(DataTypeName(tensor.dtype));
  }
  bool same_shape = record.shape.sizes.size() == region.size();
  for (std::size_t axis = 0; same_shape && axis < region.size(); ++axis) {
    same_shape = record.shape.sizes[axis] == region[axis].length;
  }
  return same_shape ? "" : "has another shape than its record";
}

}  // namespace

void SliceRecords::Add(const SliceKey& key, BundleEntry entry) {
  records_.insert_or_assign({key.tensor, SliceText(key.extents)}, std::move(entry));
}

std::vector<TensorSlice> SliceRecords::SlicesOf(const std::string& tensor, const BundleEntry& entry,
                                                std::string& fault) const {
  std::vector<TensorSlice> slices;
  for (const auto& extents : entry.slices) {
    const std::string text = SliceText(extents);
    std::string cause;
    const auto region = RegionOf(extents, entry.shape.sizes);
    const auto record = records_.find({tensor, text});
    if (!region) {
      cause = "is outside its shape";
    } else if (record == records_.end()) {
      cause = "has no record";
    } else {
      cause = FaultOf(record->second, *region, entry);
    }
    if (!cause.empty()) {
      fault.append("slice ").append(text).append(" ").append(cause);
      return {};
    }
    slices.push_back({PieceOf(record->second), *region});
  }
  return slices;
}

StoredPiece PieceOf(const BundleEntry& entry) {
  return {static_cast<std::uint32_t>(entry.shard), static_cast<std::uint64_t>(entry.offset),
          static_cast<std::uint64_t>(entry.size), entry.crc32c};
}

}  // namespace permafrost
