#pragma once

#include <napi.h>

#include <span>

#include "tensor/tensor_entry.h"

namespace permafrost::addon {

// Where the bytes of all tensors are: `PieceColumns` of src/native-checkpoint.ts.
Napi::Value PieceColumns(Napi::Env env, std::span<const TensorEntry> entries);

}  // namespace permafrost::addon
