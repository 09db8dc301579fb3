// Tensors of an open checkpoint that JavaScript takes whole. Each gives a promise; an argument of another type is a
// TypeError or RangeError at once.
#pragma once

#include <napi.h>

#include <memory>

#include "checkpoint/checkpoint.h"

namespace permafrost::addon {

// payloadSizes(tensors: TensorColumns): Promise<Float64Array>
Napi::Value MeasurePayloads(const Napi::CallbackInfo& info, const std::shared_ptr<const Checkpoint>& checkpoint);

// payloads(tensors: TensorColumns): Promise<Uint8Array[]>
Napi::Value ReadPayloads(const Napi::CallbackInfo& info, const std::shared_ptr<const Checkpoint>& checkpoint);

// strings(row: number): Promise<Uint8Array>
Napi::Value ReadStrings(const Napi::CallbackInfo& info, const std::shared_ptr<const Checkpoint>& checkpoint);

}  // namespace permafrost::addon
