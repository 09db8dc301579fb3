// The protocol buffer messages of a V1 checkpoint (TensorFlow's saved_tensor_slice.proto).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "io/byte_source.h"
#include "proto/messages.h"
#include "status.h"
#include "tensor/dtype.h"

namespace permafrost {

// What the first record of a file says of a tensor of which the file has slices.
struct SavedTensor {
  std::string name;
  DataType dtype{};
  TensorShape shape;
  std::vector<std::vector<Extent>> slices;  // those that are in this file
};

// Goes through a file's first record. False where the bytes are no such message, or `take` says so. A tensor's slices
// that take more memory than `slice_budget` are cut off behind it.
bool ParseSavedTensors(std::span<const std::byte> bytes, std::uint64_t slice_budget, Versions& versions,
                       const std::function<bool(SavedTensor tensor)>& take);

// Where a record of one slice, whose key says which it is, has its TensorProto.
struct ProtoPlace {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

// Nothing where the record is no such message; a size of 0 where it has no TensorProto.
Result<std::optional<ProtoPlace>> FindTensorProto(const ByteSource& record);

}  // namespace permafrost
