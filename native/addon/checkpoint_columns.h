#pragma once

#include <napi.h>

#include <span>

#include "tensor/tensor_entry.h"

namespace permafrost::addon {

// What the index says of all tensors: `CheckpointColumns` of src/native-checkpoint.ts.
Napi::Value CheckpointColumns(Napi::Env env, std::span<const TensorEntry> entries);

}  // namespace permafrost::addon
