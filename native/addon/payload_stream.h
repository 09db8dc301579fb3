#pragma once

#include <napi.h>

namespace permafrost::addon {

// payloadStream(checkpoint: NativeCheckpoint, tensors: TensorColumns, start?: number, count?: number):
// NativePayloadStream
Napi::Value OpenPayloadStream(const Napi::CallbackInfo& info);

}  // namespace permafrost::addon
