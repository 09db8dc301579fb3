// The slice records of an index, until the tensors that they belong to come by: their keys sort before all names.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "bundle/bundle_proto.h"
#include "tensor/slice_key.h"
#include "tensor/tensor_entry.h"

namespace permafrost {

class SliceRecords {
 public:
  // `entry` has been checked on its own.
  void Add(const SliceKey& key, BundleEntry entry);

  // The slices that `entry` lists, in its order; `fault` says why it cannot have them, or is empty. A record that no
  // tensor lists is nobody's, as in TensorFlow.
  std::vector<TensorSlice> SlicesOf(const std::string& tensor, const BundleEntry& entry, std::string& fault) const;

 private:
  std::map<std::pair<std::string, std::string>, BundleEntry> records_;  // by tensor and slice
};

// Where a checked entry's bytes lie.
StoredPiece PieceOf(const BundleEntry& entry);

}  // namespace permafrost
