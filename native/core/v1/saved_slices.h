// The protocol buffer messages of a V1 checkpoint (TensorFlow's saved_tensor_slice.proto).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "proto/messages.h"
#include "tensor/dtype.h"

namespace permafrost {

// What the first record of a file says of a tensor of which the file has slices.
struct SavedTensor {
  std::string name;
  DataType dtype{};
  TensorShape shape;
  std::vector<std::vector<Extent>> slices;  // those that are in this file
};

// Goes through a file's first record. False where the bytes are no such message, or `take` says so.
bool ParseSavedTensors(std::span<const std::byte> bytes, Versions& versions,
                       const std::function<bool(SavedTensor tensor)>& take);

// The TensorProto in a record of one slice, whose key says which it is. Nothing where the bytes are no such message.
std::optional<std::span<const std::byte>> ParseSavedSlice(std::span<const std::byte> bytes);

}  // namespace permafrost
