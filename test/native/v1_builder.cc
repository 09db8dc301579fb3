#include "v1_builder.h"

#include "bundle_builder.h"
#include "wire.h"

namespace permafrost::test {

V1Builder& V1Builder::Add(const std::string& name, std::int64_t dtype, const std::vector<std::int64_t>& shape,
                          std::string_view more) {
  std::string shape_message;
  for (const std::int64_t size : shape) shape_message += BytesField(2, VarintField(1, size));
  tensors_.push_back({name, BytesField(1, name) + BytesField(2, shape_message) + VarintField(3, dtype)});
  tensors_.back().message += more;
  return *this;
}

V1Builder& V1Builder::List(const std::vector<Extent>& extents) {
  tensors_.back().message += BytesField(4, SliceMessage(extents));
  return *this;
}

V1Builder& V1Builder::Record(const std::string& name, const std::vector<Extent>& extents,
                             std::string_view tensor_proto) {
  const std::string slice =
      BytesField(1, name) + BytesField(2, SliceMessage(extents)) + BytesField(3, std::string(tensor_proto));
  records_[SliceRecordKey(name, extents)] = BytesField(2, slice);
  return *this;
}

V1Builder& V1Builder::Slice(const std::vector<Extent>& extents, std::string_view tensor_proto) {
  List(extents);
  return Record(tensors_.back().name, extents, tensor_proto);
}

std::string V1Builder::File() const {
  std::string meta;
  for (const Tensor& tensor : tensors_) meta += BytesField(1, tensor.message);
  if (!versions_.empty()) meta += BytesField(2, versions_);
  std::vector<test::Record> records = {{"", BytesField(1, meta)}};
  for (const auto& [key, value] : records_) records.push_back({key, value});
  return BuildTable(records, table_);
}

}  // namespace permafrost::test
