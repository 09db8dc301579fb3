// Builds the files of V1 checkpoints for tests.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "table_builder.h"
#include "tensor/dtype.h"
#include "tensor/region.h"

namespace permafrost::test {

class V1Builder {
 public:
  // A tensor of which this file has slices. `more` is added to its message.
  V1Builder& Add(const std::string& name, std::int64_t dtype, const std::vector<std::int64_t>& shape,
                 std::string_view more = "");
  // Lists a slice of the tensor that was added last.
  V1Builder& List(const std::vector<Extent>& extents);
  // The record of a slice: a TensorProto.
  V1Builder& Record(const std::string& name, const std::vector<Extent>& extents, std::string_view tensor_proto);
  // Both.
  V1Builder& Slice(const std::vector<Extent>& extents, std::string_view tensor_proto);

  // VersionDef.
  void set_versions(std::string versions) { versions_ = std::move(versions); }
  TableOptions& table() { return table_; }
  std::string File() const;

 private:
  struct Tensor {
    std::string name;
    std::string message;  // SavedSliceMeta
  };

  std::vector<Tensor> tensors_;
  std::string versions_;
  std::map<std::string, std::string> records_;  // by key, as the table sorts them
  TableOptions table_;
};

}  // namespace permafrost::test
